import { closed, shard, sweeps } from '../rows.ts';
import { after, hourly, type Story, time } from '../story.ts';

function closedHourly(first: string, last: string, change: Parameters<typeof closed>[1] = {}) {
  return hourly(first, last).map((at) => sweeps(after(at, 10), closed(at, change)));
}

/** Two sweeps of another environment in the same workspace, newer than ours. */
const DEV = ['1 08:20', '1 08:30'].map((at) => closed(at, { missing: ['s9'], Environment: 'dev' }));

/** Whether sweeps happen at all, whole, and are delivered. */
export const SWEEP_STORIES: Story[] = [
  {
    name: 'the sweeper dies: told after two intervals and 45 minutes, resolved when it is back',
    rules: ['sweep-missing'],
    steps: [
      ...closedHourly('1 06:00', '1 12:00'),
      sweeps('1 14:05', shard('s1', '1 14:00'), closed('1 14:00', { Environment: 'dev' })),
      sweeps('1 15:30', closed('1 11:30')),
      ...closedHourly('1 18:00', '1 20:00'),
    ],
    from: '1 06:15',
    until: '1 20:00',
    told: ['1 14:45 Fired sweep-missing', '1 18:45 Resolved sweep-missing'],
  },
  {
    name: 'one sweep left out, and ingestion late by 40 minutes, is nothing to tell',
    rules: ['sweep-missing'],
    steps: [
      ...closedHourly('1 06:00', '1 08:00'),
      ...hourly('1 10:00', '1 12:00').map((at) => sweeps(after(at, 40), closed(at))),
    ],
    from: '1 06:15',
    until: '1 14:30',
    told: [],
  },
  {
    name: 'a sweep of a clock that is days ahead proves nothing about now',
    rules: ['sweep-missing'],
    steps: [...closedHourly('1 06:00', '1 08:00'), sweeps('1 08:30', closed('2 12:00'))],
    from: '1 06:15',
    until: '2 14:00',
    told: ['1 10:45 Fired sweep-missing'],
  },
  {
    name: 'a sweep every six hours is given twelve hours and 45 minutes',
    rules: ['sweep-missing'],
    parameters: { sweepIntervalHours: 6 },
    steps: [sweeps('1 06:10', closed('1 06:01'))],
    from: '1 06:15',
    until: '1 20:00',
    told: ['1 19:00 Fired sweep-missing'],
  },
  {
    name: 'a shard is missing in two sweeps in a row: told until a sweep has it again',
    rules: ['sweep-incomplete'],
    steps: [
      sweeps('1 06:45', closed('1 06:00')),
      sweeps('1 07:45', closed('1 07:00', { missing: ['s2'] }), shard('s1', '1 07:00'), shard('s2', '1 06:00')),
      sweeps('1 08:45', closed('1 08:00', { missing: ['s2'] }), shard('s2', '1 08:00', { Outcome: 'failed' })),
      // The shards of a sweep come before it is closed.
      sweeps('1 09:01', shard('s1', '1 09:00')),
      sweeps('1 09:46', closed('1 09:00', { missing: ['s2'] })),
      sweeps('1 10:45', closed('1 10:00')),
    ],
    until: '1 12:00',
    told: ['1 08:45 Fired sweep-incomplete: s2', '1 11:15 Resolved sweep-incomplete: s2'],
  },
  {
    name: 'a shard missing once, two that take turns, one that is late and a gap inside a shard are nothing to tell',
    rules: ['sweep-incomplete'],
    steps: [
      sweeps('1 06:45', closed('1 06:00', { missing: ['s1'] }), closed('1 06:00', { missing: ['s1'] })),
      sweeps('1 07:45', closed('1 07:00', { missing: ['s2'] })),
      sweeps('1 08:45', closed('1 08:00', { missing: ['s3'] }), ...DEV),
      sweeps('1 09:20', shard('s3', '1 08:00', { Outcome: 'partial' })),
      sweeps('1 09:45', closed('1 09:00', { missing: ['s3'] })),
      sweeps('1 10:45', closed('1 10:00', { Gaps: [{ source: 'tokens', scope: 'r1' }] })),
      sweeps('1 11:45', closed('1 11:00', { Gaps: [{ source: 'tokens', scope: 'r1' }] })),
      // Closed twice, the second time with what had come meanwhile.
      sweeps('1 12:45', closed('1 12:00', { missing: ['s5'] })),
      sweeps('1 12:50', closed('1 12:00', { FinishedAt: time('1 12:50') })),
      sweeps('1 13:45', closed('1 13:00', { missing: ['s5'] })),
      // Arrives out of the spool, more than two days late.
      sweeps('4 12:00', closed('2 06:00', { missing: ['s4'] }), closed('2 05:00', { missing: ['s4'] })),
    ],
    until: '4 13:00',
    told: [],
  },
  {
    name: 'a shard is missing in two sweeps in a row, between which a clock that is days ahead closes one without a gap',
    rules: ['sweep-incomplete'],
    steps: [
      sweeps('1 06:45', closed('1 06:00', { missing: ['s2'] })),
      sweeps('1 07:30', closed('2 12:00')),
      sweeps('1 07:45', closed('1 07:00', { missing: ['s2'] })),
    ],
    until: '1 09:00',
    told: ['1 07:45 Fired sweep-incomplete: s2'],
  },
  {
    name: 'two shards are missing, one after the other, in sweeps that lie far apart',
    rules: ['sweep-incomplete'],
    parameters: { sweepIntervalHours: 12 },
    steps: [
      sweeps('1 18:45', closed('1 18:00', { missing: ['s1'] })),
      sweeps('3 06:45', closed('3 06:00', { missing: ['s1', 'tenant'] })),
      sweeps('3 18:40', closed('3 18:35', { missing: ['tenant'] })),
    ],
    until: '3 19:00',
    told: [
      '3 06:45 Fired sweep-incomplete: s1',
      '3 18:30 Resolved sweep-incomplete: s1',
      '3 18:45 Fired sweep-incomplete: tenant',
    ],
  },
  {
    name: 'rows wait in the spool: told with their number until the newest sweep has none',
    rules: ['rows-undelivered'],
    steps: [
      sweeps('1 06:45', closed('1 06:00')),
      sweeps('1 07:45', closed('1 07:00', { RowsUndelivered: 12 })),
      sweeps('1 08:45', closed('1 08:00', { RowsUndelivered: 7 })),
      sweeps('1 09:45', closed('1 09:00')),
      // None of these is the newest closed sweep of this environment.
      sweeps('1 09:50', closed('1 08:30', { RowsUndelivered: 3 }), shard('s1', '1 09:30', { RowsUndelivered: 4 })),
      sweeps('1 09:55', closed('1 09:30', { RowsUndelivered: 5, Environment: 'dev' })),
      sweeps('4 12:00', closed('2 05:00', { RowsUndelivered: 6 })),
    ],
    until: '4 13:00',
    told: ['1 07:45 Fired rows-undelivered = 12', '1 10:15 Resolved rows-undelivered = 0'],
  },
  {
    name: 'rows wait in the spool, whatever a sweep of a clock that is days ahead says',
    rules: ['rows-undelivered'],
    steps: [
      sweeps('1 06:45', closed('1 06:00', { RowsUndelivered: 2 })),
      sweeps('1 07:30', closed('2 12:00')),
      sweeps('1 07:45', closed('1 07:00', { RowsUndelivered: 4 })),
    ],
    until: '1 09:00',
    told: ['1 06:45 Fired rows-undelivered = 2'],
  },
  {
    name: 'rows wait in the spool, and no sweep follows: told for two days',
    rules: ['rows-undelivered'],
    steps: [
      sweeps('1 06:45', closed('1 06:00', { RowsUndelivered: 1 })),
      // History when it arrives, even if there is nothing newer.
      sweeps('3 07:00', closed('1 04:00', { RowsUndelivered: 2 })),
    ],
    until: '3 08:00',
    told: ['1 06:45 Fired rows-undelivered = 1', '3 06:30 Resolved rows-undelivered = 0'],
  },
  {
    name: 'rows were dropped from the spool: told for two days, however old the row that says so',
    rules: ['rows-undelivered'],
    steps: [
      sweeps('4 06:45', closed('4 06:00'), closed('4 05:00', { RowsDropped: 8, Environment: 'dev' })),
      sweeps('4 07:10', shard('s1', '4 07:00', { RowsDropped: 4 })),
      // Out of the spool at last; what waited when it was written is history.
      sweeps(
        '4 07:40',
        closed('1 07:00', { RowsDropped: 30, RowsUndelivered: 9 }),
        closed('1 08:00', { RowsDropped: 2 }),
      ),
      // The second is of a wrong clock.
      sweeps('4 07:45', closed('4 07:00', { RowsUndelivered: 5 }), closed('9 07:00', { RowsDropped: 100 })),
      // The same row once more.
      sweeps('4 08:10', closed('1 07:00', { RowsDropped: 30, RowsUndelivered: 9 })),
      sweeps('4 08:40', closed('4 08:00')),
      // Closed twice: what was dropped in between stands in the second row.
      sweeps('4 09:40', closed('4 09:00'), closed('4 09:00', { RowsDropped: 1, FinishedAt: time('4 09:30') })),
      // Of a version that dropped nothing.
      ...hourly('4 10:00', '6 12:00').map((at) => sweeps(after(at, 10), closed(at, { RowsDropped: null }))),
    ],
    until: '6 14:00',
    told: ['4 07:45 Fired rows-undelivered = 37', '6 09:45 Resolved rows-undelivered = 0'],
  },
  {
    name: 'a sweep that is closed twice, and rows were dropped before each: all of them are told',
    rules: ['rows-undelivered'],
    steps: [
      sweeps(
        '1 06:45',
        closed('1 06:00', { RowsDropped: 2 }),
        closed('1 06:00', { RowsDropped: 2, FinishedAt: time('1 06:30') }),
      ),
    ],
    until: '1 07:00',
    told: ['1 06:45 Fired rows-undelivered = 4'],
  },
];
