import { describe, expect, test } from 'vitest';
import type { FaultEffect } from '../../simulator/faults.ts';
import { SIMULATED_DCR } from '../../simulator/index.ts';
import type { Connection } from '../../src/azure.ts';
import { BATCH_BYTES } from '../../src/publish/batches.ts';
import { ingestion } from '../../src/publish/ingestion.ts';
import { estateOf, simulated } from '../wire.ts';

const ROW = { TimeGenerated: '2026-11-24T06:00:00.000Z', SweepId: 's', Shard: 'tenant' };
const TABLE = 'AcrWardenSweeps_CL';

function sending(effect?: FaultEffect, times?: number, connection: Partial<Connection> = {}) {
  const match = { service: 'ingestion', ...(times && { times }) };
  const { simulator, azure } = simulated(estateOf(), { connection, ...(effect && { faults: [{ match, effect }] }) });
  return { simulator, send: ingestion(azure, SIMULATED_DCR) };
}

test('rows arrive as they were sent', async () => {
  const { simulator, send } = sending();
  expect(await send({ table: TABLE, rows: [ROW] })).toBeUndefined();
  expect(simulator.workspace.tables).toEqual({ [TABLE]: [ROW] });
  expect(simulator.defects).toEqual([]);
});

test('a full batch is one request', async () => {
  const { simulator, send } = sending();
  const rows = Array.from({ length: 15 }, () => ({ ...ROW, Version: 'x'.repeat(59_000) }));
  expect(Buffer.byteLength(JSON.stringify(rows))).toBeGreaterThan(BATCH_BYTES - 20_000);
  expect(await send({ table: TABLE, rows })).toBeUndefined();
  expect(simulator.requests.filter(({ service }) => service === 'ingestion').length).toBe(1);
});

describe('refusals', () => {
  const cases: [string, FaultEffect, boolean, string][] = [
    ['malformed rows: for good', { kind: 'status', status: 400, message: 'bad rows' }, true, '400'],
    ['too large: for good', { kind: 'status', status: 413, message: 'too large' }, true, '413'],
    ['no right yet: may pass', { kind: 'status', status: 403, message: 'no access' }, false, '403'],
    ['no such rule: may pass', { kind: 'status', status: 404, message: 'no rule' }, false, '404'],
    ['throttled for an hour: may pass', { kind: 'status', status: 429, retryAfter: '3600' }, false, '429'],
    ['down: may pass', { kind: 'status', status: 500 }, false, '500'],
    ['a connection that is cut: may pass', { kind: 'reset' }, false, 'ECONNRESET'],
  ];
  test.each(cases)('%s', async (_what, effect, final, words) => {
    const { send } = sending(effect);
    expect(await send({ table: TABLE, rows: [ROW] })).toEqual({ reason: expect.stringContaining(words), final });
  });

  test.each([
    ['once the time for sending is over: may pass, and nothing is sent', 0],
    ['when the time is over before the SDK tries again: may pass', 1],
  ])('%s', async (_what, attempts) => {
    let left = attempts;
    // Asked once for each attempt.
    const sendDeadline = { leftMs: () => (left-- > 0 ? 1 : 0) };
    const { simulator, send } = sending({ kind: 'status', status: 429, retryAfter: '0' }, 1, { sendDeadline });
    const refused = { reason: 'there was no time left to send them', final: false };
    expect(await send({ table: TABLE, rows: [ROW] })).toEqual(refused);
    expect(simulator.requests.filter(({ service }) => service === 'ingestion').length).toBe(attempts);
  });

  test('what the SDK retries itself is no refusal', async () => {
    const { simulator, send } = sending({ kind: 'status', status: 429, retryAfter: '0' }, 1);
    expect(await send({ table: TABLE, rows: [ROW] })).toBeUndefined();
    expect(simulator.workspace.tables[TABLE]).toEqual([ROW]);
  });
});
