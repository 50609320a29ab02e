import { isAggregateLogsUploadError } from '@azure/monitor-ingestion';
import type { Azure } from '../azure.ts';
import { NotReachedError } from '../deadline.ts';
import type { Batch } from './batches.ts';

/** Where rows go: the endpoint and the immutable id of the data collection rule. */
export interface Destination {
  endpoint: string;
  ruleId: string;
}

/** Sends a batch; resolves with undefined when it was taken, with the reason when not. */
export type Send = (batch: Batch) => Promise<Refusal | undefined>;

export interface Refusal {
  reason: string;
  /** sending the same rows again cannot help: they are malformed or too large */
  final: boolean;
}

/** Sends through the Logs Ingestion API, each batch as one request. */
export function ingestion(azure: Azure, { endpoint, ruleId }: Destination): Send {
  const client = azure.ingestion(endpoint);
  return async ({ table, rows }) => {
    try {
      await client.upload(ruleId, `Custom-${table}`, rows, { maxConcurrency: 1 });
      return undefined;
    } catch (error) {
      // The aggregate's own message says nothing: facts §1.3
      const cause = isAggregateLogsUploadError(error) ? (error.errors[0]?.cause ?? error) : error;
      return refusal(cause);
    }
  };
}

function refusal(error: unknown): Refusal {
  if (error instanceof NotReachedError) return { reason: 'there was no time left to send them', final: false };
  const message = error instanceof Error ? error.message : String(error);
  const status = statusOf(error);
  return { reason: status ? `${status}: ${message}` : message, final: status === 400 || status === 413 };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}
