import { closed, shard, sweeps } from '../rows.ts';
import { after, hourly, type Story } from '../story.ts';

/** A sweep each hour in which the shards see so many registries. */
function seeing(first: string, last: string, seen: Record<string, number>, planned = 3, deleted = 0) {
  return hourly(first, last).map((at) =>
    sweeps(
      after(at, 10),
      ...Object.entries(seen).map(([name, count]) => shard(name, at, { RegistriesSeen: count })),
      closed(at, { Planned: planned, RegistriesDeleted: deleted }),
    ),
  );
}

/** The two parts of a subscription, which see so many registries. */
function halves(at: string, [one, two]: [number, number | undefined], deleted: [number, number] = [0, 0]) {
  const failed = { RegistriesSeen: 0, Outcome: 'failed' };
  return [
    shard('s1~1of2', at, { RegistriesSeen: one, RegistriesDeleted: deleted[0] }),
    shard('s1~2of2', at, two === undefined ? failed : { RegistriesSeen: two, RegistriesDeleted: deleted[1] }),
  ];
}

/** What is no longer seen, though nobody knows that it is gone. */
export const COVERAGE_STORIES: Story[] = [
  {
    name: 'a subscription shows fewer registries than a day ago: told until they are back',
    rules: ['coverage-dropped'],
    steps: [
      ...seeing('1 06:00', '2 07:00', { s1: 10, s2: 4, tenant: 14 }),
      ...seeing('2 08:00', '2 12:00', { s1: 7, s2: 5, tenant: 12 }),
      ...seeing('2 13:00', '2 15:00', { s1: 10, s2: 4, tenant: 14 }),
    ],
    from: '2 06:00',
    until: '2 15:00',
    told: ['2 08:15 Fired coverage-dropped: s1 = 3', '2 13:45 Resolved coverage-dropped: s1 = 0'],
  },
  {
    name: 'registries that are known to be deleted are not missed, but those beyond them are',
    rules: ['coverage-dropped'],
    steps: [
      ...seeing('1 06:00', '1 09:00', { s1: 10, s2: 10, s3: 10 }),
      // Deleted before the day that is compared: no explanation for what is missing now.
      sweeps('1 10:10', ...['s1', 's2', 's3'].map((name) => shard(name, '1 10:00', { RegistriesDeleted: 5 }))),
      sweeps(
        '2 09:10',
        shard('s1', '2 09:00', { RegistriesSeen: 9, RegistriesDeleted: 1 }),
        shard('s2', '2 09:00', { RegistriesSeen: 9, RegistriesDeleted: 1 }),
      ),
      sweeps(
        '2 10:10',
        shard('s1', '2 10:00', { RegistriesSeen: 7, RegistriesDeleted: 2 }),
        // Sent twice.
        shard('s2', '2 10:00', { RegistriesSeen: 7, RegistriesDeleted: 1 }),
        shard('s2', '2 10:00', { RegistriesSeen: 7, RegistriesDeleted: 1 }),
        shard('s3', '2 10:00', { RegistriesSeen: 0, Outcome: 'failed' }),
      ),
    ],
    from: '2 10:00',
    until: '2 11:00',
    told: ['2 10:15 Fired coverage-dropped: s2 = 1'],
  },
  {
    name: 'a subscription shows fewer registries, whatever a sweep of a clock that is days ahead has seen',
    rules: ['coverage-dropped'],
    steps: [
      ...seeing('1 06:00', '2 07:00', { s1: 10 }),
      sweeps('2 07:30', shard('s1', '3 12:00')),
      ...seeing('2 08:00', '2 09:00', { s1: 7 }),
    ],
    from: '2 06:00',
    until: '2 10:00',
    told: ['2 08:15 Fired coverage-dropped: s1 = 3'],
  },
  {
    name: 'the plan has fewer shards than a day ago: told for a day',
    rules: ['coverage-dropped'],
    steps: [...seeing('1 06:00', '2 08:00', { s1: 10 }, 3), ...seeing('2 09:00', '3 11:00', { s1: 11 }, 2, 1)],
    from: '2 06:00',
    until: '3 11:00',
    told: ['2 09:15 Fired coverage-dropped: plan = 1', '3 09:30 Resolved coverage-dropped: plan = 0'],
  },
  {
    name: 'a subscription that is cut into parts, and made whole again: only what no part sees is missing',
    rules: ['coverage-dropped'],
    steps: [
      ...seeing('1 06:00', '1 07:00', { s1: 10 }),
      sweeps('1 20:10', ...halves('1 20:00', [6, 4])),
      sweeps('2 07:10', ...halves('2 07:00', [5, 5])),
      // One part was not swept: of what it sees nothing is known, and what the other has deleted is gone all the same.
      sweeps('2 08:10', ...halves('2 08:00', [3, undefined], [2, 0])),
      sweeps('2 09:10', ...halves('2 09:00', [2, 3], [1, 2])),
      sweeps('2 10:10', ...halves('2 10:00', [2, 2])),
      sweeps('2 11:10', ...halves('2 11:00', [2, undefined])),
      sweeps('2 21:10', shard('s1', '2 21:00', { RegistriesSeen: 4 })),
      sweeps('2 22:10', shard('s1', '2 22:00', { RegistriesSeen: 5 })),
    ],
    from: '2 06:00',
    until: '2 23:30',
    told: ['2 10:15 Fired coverage-dropped: s1 = 1', '2 22:45 Resolved coverage-dropped: s1 = 0'],
  },
  {
    name: 'one of two parts fails for more than a day: what it sees is not known, so nothing is missing until it is back',
    rules: ['coverage-dropped'],
    steps: [
      sweeps('1 06:10', ...halves('1 06:00', [6, 4])),
      ...hourly('1 07:00', '2 08:00').map((at) => sweeps(after(at, 10), ...halves(at, [6, undefined]))),
      sweeps('2 09:10', ...halves('2 09:00', [6, 3])),
    ],
    from: '1 06:00',
    until: '2 10:00',
    told: ['2 09:15 Fired coverage-dropped: s1 = 1'],
  },
  {
    name: 'a part that was never swept together with the others is nothing to compare with',
    rules: ['coverage-dropped'],
    steps: [
      sweeps('1 06:10', shard('s1~1of2', '1 06:00')),
      sweeps('2 07:10', ...halves('2 07:00', [2, 3])),
      sweeps('2 08:10', shard('s1~2of2', '2 08:00', { RegistriesSeen: 9 })),
    ],
    from: '2 06:00',
    until: '2 09:00',
    told: [],
  },
  {
    name: 'a first day, another environment and an old row from the spool are nothing to compare with',
    rules: ['coverage-dropped'],
    steps: [
      sweeps('1 06:10', shard('s1', '1 06:00', { Environment: 'dev', RegistriesSeen: 50 })),
      sweeps('1 23:10', shard('s1', '1 23:00', { RegistriesSeen: 12 }), closed('1 23:00', { Planned: 9 })),
      sweeps('1 23:10', shard('s4', '1 23:00')),
      sweeps('2 08:10', shard('s1', '2 08:00')),
      sweeps('2 20:10', shard('s1', '2 20:00'), closed('2 20:00')),
      // Swept again only after two days: then there is nothing to compare with any more.
      sweeps('3 22:10', shard('s4', '3 22:00', { RegistriesSeen: 5 })),
      sweeps('4 08:10', shard('s2', '1 23:30', { RegistriesSeen: 30 }), shard('s2', '4 08:00')),
    ],
    from: '2 06:00',
    until: '4 10:00',
    told: [
      '2 23:00 Fired coverage-dropped: s1 = 2',
      '2 23:00 Fired coverage-dropped: plan = 6',
      '3 08:30 Resolved coverage-dropped: s1 = 0',
      '3 20:30 Resolved coverage-dropped: plan = 0',
      '3 22:15 Fired coverage-dropped: s4 = 5',
      '3 23:30 Resolved coverage-dropped: s4 = 0',
    ],
  },
];
