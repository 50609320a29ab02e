import { createHttpHeaders, createPipelineRequest, isRestError } from '@azure/core-rest-pipeline';
import type { Azure } from '../azure.ts';
import { messages } from '../causes.ts';
import { giveIdentity } from '../model/command.ts';
import { asking, lastClosed } from '../notify/workspace.ts';
import type { Destination } from '../publish/ingestion.ts';
import { TABLES } from '../publish/rows.ts';
import { VERSION } from '../version.ts';
import { type Examined, named } from './examined.ts';

const API_VERSION = '2023-01-01';

/** Sweeps write the first, answers to alerts the last. */
const STREAMS = [...Object.values(TABLES), 'AcrWardenIncidents_CL'];

/**
 * Whether rows would be taken: an empty list goes to the stream of each table. It adds no row, and what refuses it is the
 * token, the right, the rule or the stream. An SDK upload of no rows would send nothing at all.
 */
export async function examineIngestion(
  azure: Azure,
  { endpoint, ruleId }: Destination,
  principalId: string | undefined,
): Promise<Examined> {
  const base = { area: 'ingestion', scope: endpoint, what: `data collection rule ${ruleId}` } as const;
  const unknownTables: string[] = [];
  for (const table of STREAMS) {
    const answer = await sendNothing(azure, endpoint, ruleId, table).catch((error: unknown) => messages(error));
    if (typeof answer === 'string') return { ...base, verdict: 'unknown', detail: `no answer: ${answer}` };
    if (answer.code === 'InvalidStream') unknownTables.push(table);
    else if (answer.status !== 204) return { ...base, ...refused(answer, ruleId, principalId) };
  }
  if (unknownTables.length > 0) {
    const detail = `it has no stream for ${unknownTables.join(', ')}: the stack is older than this program (${VERSION})`;
    return {
      ...base,
      verdict: 'wrong',
      detail,
      fix: 'infra/deploy.sh <environment> # brings the stack up to this version',
    };
  }
  return { ...base, verdict: 'ok', detail: `takes rows of ${STREAMS.length} tables` };
}

interface Answer {
  status: number;
  code?: string;
}

async function sendNothing(azure: Azure, endpoint: string, ruleId: string, table: string): Promise<Answer> {
  const place = `dataCollectionRules/${ruleId}/streams/Custom-${table}`;
  const request = createPipelineRequest({
    url: `${endpoint.replace(/\/+$/, '')}/${place}?api-version=${API_VERSION}`,
    method: 'POST',
    // The SDK's pipeline zips whatever passes through it.
    headers: createHttpHeaders({ 'content-type': 'application/json', 'content-encoding': 'gzip' }),
    body: '[]',
  });
  const { status, bodyAsText } = await azure.ingestion(endpoint).pipeline.sendRequest(azure.httpClient, request);
  const [, code] = /"code"\s*:\s*"(\w+)"/.exec(bodyAsText ?? '') ?? [];
  return { status, ...(code && { code }) };
}

function refused(
  { status, code }: Answer,
  ruleId: string,
  principalId: string | undefined,
): Pick<Examined, 'verdict' | 'detail' | 'fix'> {
  if (status === 403) {
    const rule = `$(az monitor data-collection rule list --query "[?immutableId=='${ruleId}'].id" --output tsv)`;
    const fix = giveIdentity(named(principalId), '"Monitoring Metrics Publisher"', `"${rule}"`);
    return {
      verdict: 'wrong',
      detail: '403, it may not be written to; a new right takes up to 30 minutes to spread',
      fix,
    };
  }
  if (status === 404) {
    const fix = 'Set DCR_ENDPOINT and DCR_RULE_ID to the outputs dcrEndpoint and dcrRuleId of one deployment';
    return { verdict: 'wrong', detail: '404, there is no such rule at this endpoint', fix };
  }
  const said = `it answered ${status}${code ? ` ${code}` : ''}`;
  return { verdict: 'unknown', detail: `${said}: whether it takes rows is not known` };
}

/** Whether the workspace can be queried, and which version of the program wrote the newest closing row. */
export async function examineWorkspace(
  azure: Azure,
  { workspaceId, environment = '' }: { workspaceId: string; environment: string | undefined },
  principalId: string | undefined,
): Promise<Examined[]> {
  const base = { area: 'workspace', scope: workspaceId, what: 'queries of the workspace' } as const;
  try {
    const version = (await lastClosed(asking(azure.logs, workspaceId), environment))?.Version;
    return [
      { ...base, verdict: 'ok', detail: 'it answers' },
      deployedVersion(workspaceId, typeof version === 'string' && version !== '' ? version : undefined),
    ];
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!isRestError(cause) || cause.statusCode !== 403) {
      return [{ ...base, verdict: 'unknown', detail: messages(error) }];
    }
    const id = `$(az monitor log-analytics workspace list --query "[?customerId=='${workspaceId}'].id" --output tsv)`;
    const fix = giveIdentity(named(principalId), '"Log Analytics Reader"', `"${id}"`);
    return [{ ...base, verdict: 'wrong', detail: '403, it may not be queried', fix }];
  }
}

function deployedVersion(workspaceId: string, version: string | undefined): Examined {
  const base = { area: 'version', scope: workspaceId, what: 'the deployed program' } as const;
  if (version === undefined) {
    return { ...base, verdict: 'not-tested', detail: 'no sweep was closed in the last two days' };
  }
  if (version === VERSION) return { ...base, verdict: 'ok', detail: `${version}, as this one` };
  const detail = `the newest sweep was closed by ${version}, and this is ${VERSION}`;
  return {
    ...base,
    verdict: 'wrong',
    detail,
    fix: 'infra/deploy.sh <environment> # from a checkout of the version that is wanted',
  };
}
