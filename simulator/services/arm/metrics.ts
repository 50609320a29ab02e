import type { Wire } from '../../estate.ts';
import { isPlain } from '../../mergePatch.ts';
import { normalized, parseArmPath, sameId } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { timeRangeOf } from '../logsQuery/timespan.ts';
import { type Exchange, json, queryValue } from '../service.ts';
import { badRequest } from './activityLog.ts';
import { authorizationFailed } from './armAnswers.ts';
import { missingScope } from './resources.ts';

const READ = 'Microsoft.Insights/metrics/read';

interface Metric {
  name: string;
  text: string;
  description: string;
  unit: string;
  aggregation: string;
  grains: string[];
}

const MINUTES = ['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D'];
const summed = (name: string, text: string, unit = 'Count'): Metric => ({
  name,
  text,
  description: text,
  unit,
  aggregation: 'Total',
  grains: MINUTES,
});

/** "Supported metrics for Microsoft.ContainerRegistry/registries". */
const METRICS: Metric[] = [
  summed('AgentPoolCPUTime', 'AgentPool CPU Time', 'Seconds'),
  summed('RunDuration', 'Run Duration', 'MilliSeconds'),
  {
    name: 'StorageUsed',
    text: 'Storage used',
    description: 'The amount of storage used by the container registry, in bytes.',
    unit: 'Bytes',
    aggregation: 'Average',
    grains: ['PT1H'],
  },
  summed('SuccessfulPullCount', 'Successful Pull Count'),
  summed('SuccessfulPushCount', 'Successful Push Count'),
  summed('TotalPullCount', 'Total Pull Count'),
  summed('TotalPushCount', 'Total Push Count'),
];

/**
 * Metrics of a registry, as the estate has measured them.
 * Sources: azure-rest-api-specs `Microsoft.Insights/stable/2024-02-01/metrics_API.json` and its example, "Supported
 * metrics", errors as quoted in issues (flat code and message).
 */
export function answerMetrics(exchange: Exchange, scope: string, world: World): Response {
  const { url } = exchange;
  const id = normalized(scope);
  if (world.isDenied(READ, id)) return authorizationFailed(exchange, READ, id);
  const missing = missingScope(id, world);
  if (missing !== undefined) return missing;
  const { type = '' } = parseArmPath(id);
  const [namespace, ...kinds] = type.split('/');
  const known = type.toLowerCase() === 'microsoft.containerregistry/registries' ? METRICS : [];
  const asked = (queryValue(url, 'metricnames') ?? known[0]?.name ?? '').split(',');
  const metrics: Metric[] = [];
  for (const name of asked) {
    const metric = known.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
    if (metric === undefined) {
      const valid = known.map((one) => one.name).join(',');
      return badRequest(
        `Failed to find metric configuration for provider: ${namespace}, resource Type: ${kinds.join('/')}, metric: ${name}, Valid metrics: ${valid}`,
      );
    }
    metrics.push(metric);
  }
  return answered(exchange, id, metrics, world);
}

function answered({ url }: Exchange, id: string, metrics: Metric[], world: World): Response {
  const range = timeRangeOf(queryValue(url, 'timespan') ?? 'PT1H', world.now());
  if (range === undefined) return badRequest('The timespan is not start/end in ISO 8601, nor a duration.');
  const asked = queryValue(url, 'interval');
  const adjusts = queryValue(url, 'AutoAdjustTimegrain')?.toLowerCase() === 'true';
  const unfit = metrics.find((metric) => asked !== undefined && !metric.grains.includes(asked) && !adjusts);
  if (unfit !== undefined) {
    return badRequest(
      `Detected invalid time grain input for metric ${unfit.name}, supported ones are: ${unfit.grains.join(',')}`,
    );
  }
  const registry = world.resources.get(id);
  // The service answers in the grain it has, whatever was asked.
  const interval = metrics.every(({ grains }) => asked !== undefined && grains.includes(asked))
    ? asked
    : metrics[0]?.grains[0];
  const dimension = queryValue(url, '$filter') === undefined ? [] : [geolocation(registry?.location)];
  return json(200, {
    cost: Math.round((range.end.getTime() - range.start.getTime()) / 60_000),
    timespan: `${seconds(range.start)}/${seconds(range.end)}`,
    interval,
    value: metrics.map((metric) => {
      const data = pointsOf(id, metric, range, queryValue(url, 'aggregation'), world);
      return {
        id: `${id}/providers/Microsoft.Insights/metrics/${metric.name}`,
        type: 'Microsoft.Insights/metrics',
        name: { value: metric.name, localizedValue: metric.text },
        displayDescription: metric.description,
        unit: metric.unit,
        timeseries: data.length === 0 ? [] : [{ metadatavalues: dimension, data }],
        errorCode: 'Success',
      };
    }),
    namespace: parseArmPath(id).type?.toLowerCase(),
    resourceregion: String(registry?.location ?? ''),
  });
}

function pointsOf(
  id: string,
  { name, aggregation }: Metric,
  range: { start: Date; end: Date },
  asked: string | undefined,
  world: World,
): Wire[] {
  const measured = Object.entries(world.estate.metrics).find(([resource]) => sameId(resource, id))?.[1];
  const series = Object.entries(measured ?? {}).find(([metric]) => metric.toLowerCase() === name.toLowerCase())?.[1];
  const wanted = (asked ?? aggregation).split(',').map((one) => one.trim().toLowerCase());
  const end = Math.min(range.end.getTime(), world.now().getTime());
  return (series ?? [])
    .filter((point) => isPlain(point))
    .filter(
      ({ timeStamp }) => Date.parse(String(timeStamp)) >= range.start.getTime() && Date.parse(String(timeStamp)) < end,
    )
    .map((point) =>
      Object.fromEntries(Object.entries(point).filter(([key]) => key === 'timeStamp' || wanted.includes(key))),
    );
}

/** Dimension names come in lower case. */
function geolocation(location: unknown): object {
  return { name: { value: 'geolocation', localizedValue: 'geolocation' }, value: String(location ?? '') };
}

function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
