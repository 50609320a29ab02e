import { finding, findings } from '../rows.ts';
import { after, hourly, type Story } from '../story.ts';

const SEVERITIES = ['finding-critical', 'finding-high', 'finding-medium'];
const WHO = 'Title | shop | - | - | -';

/** The rows of an hour arrive five minutes later. */
function open(id: string, first: string, last: string, change: Record<string, unknown> = {}) {
  return hourly(first, last).map((at) => findings(after(at, 5), finding(id, at, change)));
}

/** What a finding that is open or not is told as. */
export const FINDING_STORIES: Story[] = [
  {
    name: 'an open finding is told once, with what is wrong where and whose it is, and resolved after the fix',
    rules: SEVERITIES,
    steps: [
      ...open('a', '1 06:00', '1 10:00', {
        FindingTitle: 'Token password expires soon',
        Subject: 'ci/password1',
        ExpiresOn: '2026-03-04T17:30:00Z',
        Owners: 'ana@contoso.com',
      }),
      findings('1 11:05', finding('a', '1 11:00', { Status: 'resolved', StatusReason: 'fixed' })),
    ],
    until: '1 14:00',
    told: [
      '1 06:15 Fired finding-critical: a | Token password expires soon | shop | ci/password1 | 2026-03-04 17:30 | ana@contoso.com',
      '1 11:45 Resolved finding-critical: a | Token password expires soon | shop | ci/password1 | 2026-03-04 17:30 | ana@contoso.com',
    ],
  },
  {
    name: 'each severity has its rule, and low and info have none; what is empty is a dash',
    rules: SEVERITIES,
    steps: [
      findings(
        '1 06:05',
        finding('c', '1 06:00', { RegistryName: '' }),
        finding('h', '1 06:00', { Severity: 'high', RegistryName: '' }),
        finding('m', '1 06:00', { Severity: 'medium', Category: 'coverage' }),
        finding('l', '1 06:00', { Severity: 'low' }),
        finding('i', '1 06:00', { Severity: 'info' }),
      ),
    ],
    until: '1 08:00',
    told: [
      '1 06:15 Fired finding-critical: c | Title | - | - | - | -',
      '1 06:15 Fired finding-high: h | Title | - | - | - | -',
      `1 06:15 Fired finding-medium: m | ${WHO}`,
    ],
  },
  {
    name: 'a second finding of the same registry is an alert of its own while the first is open',
    rules: ['finding-critical'],
    steps: [...open('a', '1 06:00', '1 12:00'), ...open('b', '1 08:00', '1 12:00')].sort(inTime),
    until: '1 13:00',
    told: [`1 06:15 Fired finding-critical: a | ${WHO}`, `1 08:15 Fired finding-critical: b | ${WHO}`],
  },
  {
    name: 'half a sweep arrives: what is missing in it stays as it was',
    rules: ['finding-critical'],
    steps: [...open('a', '1 06:00', '1 09:00'), ...open('b', '1 06:00', '1 07:00')].sort(inTime),
    until: '1 12:00',
    told: [`1 06:15 Fired finding-critical: a | ${WHO}`, `1 06:15 Fired finding-critical: b | ${WHO}`],
  },
  {
    name: 'ingestion is late by 40 minutes, and an older row comes after the one that resolves',
    rules: ['finding-critical'],
    steps: [
      findings('1 06:40', finding('a', '1 06:00')),
      findings('1 08:05', finding('a', '1 08:00', { Status: 'resolved' })),
      findings('1 08:20', finding('a', '1 07:00')),
    ],
    until: '1 12:00',
    told: [`1 06:45 Fired finding-critical: a | ${WHO}`, `1 08:45 Resolved finding-critical: a | ${WHO}`],
  },
  {
    name: 'a spool of three days is delivered again: what was resolved meanwhile does not come back',
    rules: ['finding-critical'],
    steps: [
      findings('1 10:05', finding('a', '1 10:00', { Status: 'resolved' })),
      findings(
        '4 12:00',
        ...hourly('1 06:00', '1 09:00').map((at) => finding('a', at)),
        ...hourly('2 10:00', '2 11:00').map((at) => finding('b', at)),
        finding('c', '4 11:00'),
      ),
    ],
    from: '4 10:00',
    until: '4 18:00',
    told: [`4 12:00 Fired finding-critical: c | ${WHO}`],
  },
  // Peers' defect 10: the window was so short that a credential nobody had renewed resolved by itself.
  {
    name: 'the sweeper dies: nothing resolves for two days, as far as Azure looks back',
    rules: ['finding-critical'],
    steps: open('a', '1 06:00', '1 08:00'),
    until: '3 10:00',
    told: [`1 06:15 Fired finding-critical: a | ${WHO}`, `3 08:30 Resolved finding-critical: a | ${WHO}`],
  },
  {
    name: 'a row every twelve hours, and two in a row are lost: it stays told; three, and it is silent where the next is late',
    rules: ['finding-critical'],
    steps: [
      ...['1 06:00', '2 18:00', '4 18:00'].map((at) => findings(after(at, 10), finding('a', at))),
      findings(after('6 18:00', 35), finding('a', '6 18:00')),
    ],
    until: '7 06:00',
    told: [
      `1 06:15 Fired finding-critical: a | ${WHO}`,
      `6 18:30 Resolved finding-critical: a | ${WHO}`,
      `6 18:45 Fired finding-critical: a | ${WHO}`,
    ],
  },
  {
    name: 'an exception ends at midnight, and begins',
    rules: ['finding-critical'],
    steps: [
      ...open('a', '1 20:00', '1 23:00', { Muted: true }),
      ...open('a', '2 00:00', '2 03:00'),
      ...open('a', '2 04:00', '2 05:00', { Muted: true }),
    ],
    until: '2 06:00',
    told: [`2 00:15 Fired finding-critical: a | ${WHO}`, `2 04:45 Resolved finding-critical: a | ${WHO}`],
  },
  {
    name: 'a finding that cannot be looked at again stays told',
    rules: ['finding-critical'],
    steps: [...open('a', '1 06:00', '1 07:00'), ...open('a', '1 08:00', '1 12:00', { Status: 'unverified' })],
    until: '1 14:00',
    told: [`1 06:15 Fired finding-critical: a | ${WHO}`],
  },
  {
    name: 'a finding that gets worse moves from one rule to the other',
    rules: SEVERITIES,
    steps: [...open('a', '1 06:00', '1 07:00', { Severity: 'high' }), ...open('a', '1 08:00', '1 09:00')],
    until: '1 10:00',
    told: [
      `1 06:15 Fired finding-high: a | ${WHO}`,
      `1 08:15 Fired finding-critical: a | ${WHO}`,
      `1 08:45 Resolved finding-high: a | ${WHO}`,
    ],
  },
  {
    name: 'rows of a clock that is days ahead neither hide what is open nor open anything, now or when their time comes',
    rules: ['finding-critical', 'finding-storm'],
    parameters: { stormThreshold: 1 },
    steps: [
      ...open('a', '1 06:00', '1 08:00'),
      findings('1 08:30', finding('a', '2 12:00', { Status: 'resolved' }), finding('b', '2 12:00')),
      ...open('a', '1 09:00', '2 14:00'),
    ],
    until: '2 15:00',
    told: [`1 06:15 Fired finding-critical: a | ${WHO}`],
  },
  {
    name: 'another environment in the same workspace has rules of its own',
    rules: ['finding-critical'],
    steps: open('a', '1 06:00', '1 08:00', { Environment: 'dev' }),
    until: '1 09:00',
    told: [],
  },
  {
    name: 'a route gets the categories and severities that it asks for',
    rules: ['finding-high-network'],
    parameters: {
      routes: [{ name: 'network', categories: ['network', 'access'], severities: ['high'], actionGroups: [] }],
    },
    steps: [
      findings(
        '1 06:05',
        finding('a', '1 06:00', { Severity: 'high' }),
        finding('n', '1 06:00', { Severity: 'high', Category: 'network' }),
        finding('c', '1 06:00', { Severity: 'high', Category: 'credentials' }),
        finding('x', '1 06:00', { Category: 'network' }),
      ),
    ],
    until: '1 08:00',
    told: [`1 06:15 Fired finding-high-network: a | ${WHO}`, `1 06:15 Fired finding-high-network: n | ${WHO}`],
  },
];

function inTime(a: { at: string }, b: { at: string }): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}
