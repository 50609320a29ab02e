/**
 * The Logs Ingestion API of Azure Monitor.
 * Sources: npm @azure/monitor-ingestion 1.2.0 `dist/esm` (path, gzip, 204 only, `api%2Dversion`), azure-rest-api-specs
 * `monitor/data-plane/Ingestion` 2023-01-01, azure-monitor-docs `logs-ingestion-api-overview.md` and its limits include
 * (1 MB a call, 64 KB a field, 12,000 calls a minute), "Standard columns" (TimeGenerated outside −2 days/+1 day), the
 * .NET SDK's live test (413 ContentLengthLimitExceeded).
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CLOUDS } from '../clouds.ts';
import { isPlain } from '../mergePatch.ts';
import { readStreams, type Stream } from '../streams.ts';
import type { World } from '../world.ts';
import { arrivedRow } from './ingestion/row.ts';
import { type Exchange, errorAnswer, queryValue, type Service } from './service.ts';

/** The one data collection rule of the simulator: what deployment outputs tell the auditor. */
export const SIMULATED_DCR = {
  endpoint: 'https://acr-warden-simulated.westeurope-1.ingest.monitor.azure.com',
  ruleId: 'dcr-00000000000000000000000000005a1e',
};

const MOST_BYTES = 1_048_576;
const CALLS = { size: 12_000, perSecond: 200 };
const VERSIONS = ['2021-11-01-preview', '2023-01-01'];

const unzip = promisify(gunzip);
/** Read once per simulator, when first needed. */
const streamsOf = new WeakMap<World, Map<string, Stream>>();

export const ingestion: Service = {
  name: 'ingestion',
  serves: (host) => CLOUDS.some((cloud) => host.endsWith(cloud.ingestionSuffix)),
  async answer(exchange, world) {
    const refused = refuse(exchange, world);
    if (refused !== undefined) return refused;
    const match = /^\/dataCollectionRules\/([^/]+)\/streams\/([^/]+)$/i.exec(exchange.path);
    if (exchange.method !== 'POST' || match?.[1] === undefined || match[2] === undefined) {
      return errorAnswer(404, 'NotFound', `Nothing is at ${exchange.method} ${exchange.path}.`);
    }
    const [, ruleId, streamName] = match;
    if (ruleId !== SIMULATED_DCR.ruleId) {
      return errorAnswer(404, 'NotFound', `Data collection rule with immutable Id '${ruleId}' not found.`);
    }
    if (world.isDenied('ingestion:write')) {
      const message = `The authentication token provided does not have access to ingest data for the data collection rule with immutable Id '${ruleId}'.`;
      return errorAnswer(403, 'OperationFailed', message);
    }
    const streams = streamsOf.get(world) ?? readStreams(world.options.template);
    streamsOf.set(world, streams);
    const stream = streams.get(decodeURIComponent(streamName));
    if (stream === undefined)
      return errorAnswer(404, 'InvalidStream', `Stream '${streamName}' is not configured in the data collection rule.`);
    return receive(exchange, stream, world);
  },
};

function refuse({ request, caller, host, url }: Exchange, world: World): Response | undefined {
  const audience = CLOUDS.find((cloud) => host.endsWith(cloud.ingestionSuffix))?.ingestionAudience;
  if (request.headers.get('authorization') === null || caller === undefined) {
    return errorAnswer(401, 'AuthenticationFailed', 'Authentication token is missing or not valid.');
  }
  if (caller.audience !== audience) {
    return errorAnswer(401, 'InvalidAudience', `The token's audience is '${caller.audience}', not '${audience}'.`);
  }
  const version = queryValue(url, 'api-version');
  if (version === undefined || !VERSIONS.includes(version)) {
    return errorAnswer(
      400,
      'UnsupportedApiVersion',
      `The api-version '${version ?? ''}' is not supported. Supported: ${VERSIONS.join(', ')}.`,
    );
  }
  const taken = world.quotas.take('ingestion', CALLS);
  if (taken.allowed) return undefined;
  return errorAnswer(429, 'TooManyRequests', 'Too many requests for the data collection rule.', {
    'retry-after': String(taken.retryAfter),
  });
}

async function receive({ request }: Exchange, stream: Stream, world: World): Promise<Response> {
  const sent = Buffer.from(await request.arrayBuffer());
  const isZipped = request.headers.get('content-encoding') === 'gzip';
  const bytes = isZipped ? await unzip(sent).catch(() => undefined) : sent;
  if (bytes === undefined)
    return errorAnswer(400, 'InvalidContentEncoding', 'The body is not gzip, though content-encoding says so.');
  const size = Math.max(bytes.length, sent.length);
  if (size > MOST_BYTES) {
    const message = `Maximum allowed content length: ${MOST_BYTES} bytes (1 MB). Provided content length: ${size} bytes.`;
    return errorAnswer(413, 'ContentLengthLimitExceeded', message);
  }
  const rows = parsed(bytes.toString());
  if (rows === undefined) return errorAnswer(400, 'MalformedJson', 'The body must be a JSON array of objects.');
  world.workspace.tables[stream.table] ??= [];
  for (const row of rows) {
    const arrived = arrivedRow(row, stream, world.now(), (message) =>
      world.defects.push({ service: 'ingestion', message }),
    );
    world.workspace.tables[stream.table]?.push(arrived);
    world.workspace.receivedAt.set(arrived, world.now());
  }
  // Accepted is all that 204 says: columns that did not fit are gone without a word.
  return new Response(null, { status: 204 });
}

function parsed(text: string): Record<string, unknown>[] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return Array.isArray(body) && body.every(isPlain) ? body : undefined;
  } catch {
    return undefined;
  }
}
