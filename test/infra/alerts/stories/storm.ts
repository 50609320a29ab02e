import { finding, findings } from '../rows.ts';
import type { Story } from '../story.ts';

function many(count: number, name: string, sweptAt: string, change: Record<string, unknown>) {
  return Array.from({ length: count }, (_, index) => finding(`${name}${index}`, sweptAt, change));
}

/** Many findings at once. */
export const STORM_STORIES: Story[] = [
  {
    name: '201 open findings of one severity are a storm, 200 are none; it ends when one is fixed',
    rules: ['finding-storm'],
    steps: [
      findings(
        '1 06:05',
        ...many(201, 'h', '1 06:00', { Severity: 'high' }),
        ...many(200, 'm', '1 06:00', { Severity: 'medium' }),
        ...many(5, 'muted', '1 06:00', { Severity: 'medium', Muted: true }),
        ...many(5, 'dev', '1 06:00', { Severity: 'medium', Environment: 'dev' }),
        ...many(5, 'gone', '1 06:00', { Severity: 'medium', Status: 'resolved' }),
        ...many(250, 'l', '1 06:00', { Severity: 'low' }),
      ),
      findings('1 07:05', finding('h0', '1 07:00', { Severity: 'high', Status: 'resolved' })),
    ],
    until: '1 09:00',
    told: ['1 06:15 Fired finding-storm: high = 201', '1 07:45 Resolved finding-storm: high = 200'],
  },
  {
    name: 'critical and medium findings can be a storm too; rows of a spool count once and no longer than two days',
    rules: ['finding-storm'],
    parameters: { stormThreshold: 3 },
    steps: [
      findings('1 06:05', ...many(4, 'c', '1 06:00', {})),
      findings('1 07:05', ...many(4, 'c', '1 07:00', {}), ...many(3, 'm', '1 07:00', { Severity: 'medium' })),
      findings('1 08:05', ...many(3, 'm', '1 08:00', { Severity: 'medium' })),
      findings('4 00:05', ...many(4, 'm', '1 23:00', { Severity: 'medium' })),
      findings('4 12:05', ...many(4, 'm', '4 12:00', { Severity: 'medium' })),
    ],
    until: '4 13:00',
    told: [
      '1 06:15 Fired finding-storm: critical = 4',
      '3 07:30 Resolved finding-storm: critical = 0',
      '4 12:15 Fired finding-storm: medium = 4',
    ],
  },
  {
    name: '1,000 findings at once: the storm is told, and of single findings 300 at each evaluation',
    rules: ['finding-storm', 'finding-high'],
    steps: [findings('1 06:05', ...many(1000, 'h', '1 06:00', { Severity: 'high' }))],
    until: '1 06:15',
    told: [
      ...Array.from({ length: 300 }, (_, index) => `1 06:15 Fired finding-high: h${index} | Title | shop | - | - | -`),
      '1 06:15 Fired finding-storm: high = 1000',
    ],
  },
];
