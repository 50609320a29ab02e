import { expect, test } from 'vitest';
import { documentOf } from '../../../src/cli/render/document.ts';
import { htmlReport } from '../../../src/cli/render/html.ts';
import { screenOf, summary } from '../../../src/cli/render/terminal.ts';
import type { WholeSweep } from '../../../src/cli/sweepAll.ts';
import type { ShardResult } from '../../../src/model/sweep.ts';
import { compared, gap, plan, registry, registryId, report, SUB } from '../../build.ts';

function result(shard: string, change: Partial<ShardResult> = {}): ShardResult {
  return { report: report({ shard }), findings: [], credentials: [], registries: [], changes: [], ...change };
}

/** A sweep of one subscription and the tenant. */
function sweep(change: Partial<WholeSweep> = {}): WholeSweep {
  const sweepId = '20261124T060000Z';
  const row = { RegistriesSeen: 1, Requests: 7 };
  const closed = { sweepId, planned: 2, reported: 2, missing: [], outcome: 'complete', row } as const;
  const shards = [result(SUB, { registries: [registry()] }), result('tenant')];
  return { plan: plan(), closed: { ...closed, missing: [] }, shards, failed: [], ...change };
}

const failed = [{ shard: 'tenant', error: new Error('cannot save', { cause: new Error('no room') }) }];

test.each<[string, Partial<WholeSweep>, unknown[]]>([
  ['nothing', {}, []],
  [
    'a shard that failed',
    { failed, shards: [result(SUB)] },
    [
      {
        source: 'shard',
        scope: 'tenant',
        code: 'NotReported',
        reason: 'shard tenant could not be swept: cannot save: no room',
      },
    ],
  ],
  [
    'what one of two shards tells',
    {
      shards: [
        result(SUB, { report: report({ gaps: [gap()] }) }),
        result('tenant', { report: report({ gaps: [gap({ toldElsewhere: true })] }) }),
      ],
    },
    [gap()],
  ],
])('what could not be read: %s', (_, change, gaps) => {
  const swept = sweep(change);
  const document = documentOf(swept, 'test');
  expect(document.gaps).toEqual(gaps);
  const told = `${htmlReport(document)}${summary(swept, screenOf(process.stdout))}`;
  expect(told.includes('Nothing found.') && told.includes('No open finding.')).toBe(gaps.length === 0);
  expect(told.includes('Nothing found in what could be read.')).toBe(gaps.length > 0);
  expect(told.includes('No open finding in what could be read.')).toBe(gaps.length > 0);
  expect(told.includes('Everything could be read.')).toBe(gaps.length === 0);
});

const none = { rows: 0, reasons: [] };
const down = { rows: 27, reasons: ['503: down', '403:\nno'] };
const never = { rows: 1, reasons: ['400: bad rows'] };

test.each<[string, WholeSweep['undelivered'], unknown, string[]]>([
  ['all', undefined, 0, []],
  [
    'some, and nobody keeps them',
    { waiting: down, refused: never },
    0,
    [
      'Log Analytics did not take 27 rows: without --state they are lost (503: down; 403: no).',
      'Log Analytics did not take 1 row: without --state they are lost (400: bad rows).',
    ],
  ],
  [
    'some, which are kept',
    { waiting: down, refused: none, keptIn: '/state' },
    0,
    ['Log Analytics did not take 27 rows: they wait in /state for the next delivery (503: down; 403: no).'],
  ],
  [
    'some never, and some that were kept are gone',
    { waiting: none, refused: never, keptIn: '/state' },
    12,
    [
      'Log Analytics did not take 1 row: they are put away under refused/ in /state (400: bad rows).',
      '12 rows waited for too long or were too many: they are lost.',
    ],
  ],
])('what could be sent: %s', (_, undelivered, RowsDropped, expected) => {
  const { closed } = sweep();
  const row = { ...closed.row, RowsDropped };
  const text = summary(
    sweep({ closed: { ...closed, row }, ...(undelivered && { undelivered }) }),
    screenOf(process.stdout),
  );
  expect(text.trim().split('\n').slice(2)).toEqual(expected);
});

test('a registry counts what the tenant shard has found about it, too', () => {
  const about = {
    registryId: '',
    registryName: '',
    evidence: { registries: [registryId('shop'), registryId('other')] },
  };
  const shards = [
    result(SUB, { registries: [registry()], findings: [compared({ severity: 'medium' })] }),
    result('tenant', { findings: [compared({ ...about, severity: 'critical' })] }),
  ];
  expect(documentOf(sweep({ shards }), 'test').registries).toMatchObject([
    { openFindings: 2, worstSeverity: 'critical' },
  ]);
});
