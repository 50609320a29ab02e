import { AdaptiveCard, SerializationContext, Versions } from 'adaptivecards/dist/adaptivecards.js';
import { describe, expect, it } from 'vitest';
import type { Incident, WorkspaceRow } from '../../src/model/alert.ts';
import { CARD_BYTES, cardOf, stormCard, type TeamsMessage } from '../../src/notify/card.ts';
import { aboutFinding } from '../../src/notify/incident.ts';
import { markdownOf } from '../../src/notify/report.ts';

function row(change: WorkspaceRow = {}): WorkspaceRow {
  return {
    FindingId: '0123456789abcdef',
    CheckId: 'principal-secret-expiring',
    FindingTitle: 'Service principal secret expires soon',
    Reason: "The secret 'gh' of service principal ci-push expires on 2026-12-01 00:00 UTC.",
    Severity: 'high',
    Status: 'new',
    RegistryName: 'shop',
    RegistryId: '/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerRegistry/registries/shop',
    SubscriptionName: 'Prod',
    Subject: 'secret/k1',
    ExpiresOn: new Date('2026-12-01T00:00:00Z'),
    FirstSeen: new Date('2026-11-24T06:00:00Z'),
    Owners: 'ana@contoso.com',
    ChangedBy: '',
    ChangedAt: null,
    Docs: 'docs/checks/principal-secret-expiring.md',
    Evidence: { holder: 'ci-push', registries: ['/x/registries/shop', '/x/registries/web'] },
    ...change,
  };
}

function incident(change: Partial<Incident> = {}, finding: WorkspaceRow = {}): Incident {
  const own = row(finding);
  return {
    call: {
      alertId: 'a1',
      rule: 'finding-high',
      condition: 'Fired',
      severity: 'Sev2',
      at: '2026-11-24T06:20:00.000Z',
      dimensions: {},
    },
    title: String(own.FindingTitle),
    summary: String(own.Reason),
    finding: own,
    related: [],
    fix: 'az ad app credential reset --id a --append',
    likelyCause: String(own.Reason),
    confidence: 'certain',
    links: [{ title: 'Registry in the portal', url: `https://portal.azure.com/#@t/resource${own.RegistryId}` }],
    ...change,
  };
}

function contentOf(message: TeamsMessage) {
  const [attachment] = message.attachments;
  if (!attachment) throw new Error('the message has no card');
  return attachment.content;
}

/** What Microsoft's own library finds wrong with a card. */
function faultsOf(message: TeamsMessage): string[] {
  const context = new SerializationContext(Versions.v1_4);
  const card = new AdaptiveCard();
  card.parse(structuredClone(contentOf(message)), context);
  const parsing = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  return [...parsing, ...card.validateProperties().validationEvents.map(({ message: text }) => text)];
}

const NONE = { rows: [], unlisted: 0 };
const PLACE = { portal: 'https://portal.azure.com', environment: 'test', tenantId: 't' };
const HOSTILE = '[click](javascript:alert(1)) **bold** <img src=x onerror=alert(1)> \u202Etxet\u0000 `code` #head';

describe('the Teams card', () => {
  it.each([
    { what: 'a fired finding', message: cardOf(incident()) },
    { what: 'a resolved finding', message: cardOf(incident({ call: { ...incident().call, condition: 'Resolved' } })) },
    { what: 'an alert about the auditor', message: cardOf(incident({ finding: row({}), related: [row(), row()] })) },
    { what: 'a storm', message: stormCard(20, '2026-11-24T06:15:00.000Z', 'https://portal.azure.com') },
    { what: 'hostile names', message: cardOf(incident({ title: HOSTILE, summary: HOSTILE }, { Subject: HOSTILE })) },
  ])('is a valid card for $what', ({ message }) => {
    expect(faultsOf(message)).toEqual([]);
  });

  it('says what is wrong, where, until when, whose it is and what mends it', () => {
    const { body, actions } = contentOf(cardOf(incident({ related: [row({ Severity: 'low' })] })));
    expect(body).toEqual([
      {
        type: 'TextBlock',
        text: 'Service principal secret expires soon',
        weight: 'bolder',
        size: 'large',
        wrap: true,
        color: 'warning',
      },
      {
        type: 'TextBlock',
        text: "The secret 'gh' of service principal ci-push expires on 2026-12-01 00:00 UTC.",
        wrap: true,
      },
      {
        type: 'FactSet',
        facts: [
          { title: 'Fired', value: '2026-11-24 06:20 UTC' },
          { title: 'Severity', value: 'high' },
          { title: 'Registry', value: 'shop' },
          { title: 'Subscription', value: 'Prod' },
          { title: 'Which', value: 'secret/k1' },
          { title: 'Expires', value: '2026-12-01 00:00 UTC' },
          { title: 'Owners', value: 'ana@contoso.com' },
          { title: 'First seen', value: '2026-11-24 06:00 UTC' },
          { title: 'State', value: 'new' },
          { title: 'Check', value: 'principal-secret-expiring' },
          { title: 'Explained in', value: 'docs/checks/principal-secret-expiring.md, docs/runbook.md' },
        ],
      },
      { type: 'TextBlock', text: 'To mend it', weight: 'bolder', wrap: true, separator: true },
      { type: 'TextBlock', text: 'az ad app credential reset --id a --append', fontType: 'monospace', wrap: true },
      { type: 'TextBlock', text: 'Its rows in Log Analytics', weight: 'bolder', wrap: true, separator: true },
      {
        type: 'TextBlock',
        text: 'AcrWardenFindings\\_CL \\| where FindingId == "0123456789abcdef" \\| order by SweptAt desc',
        fontType: 'monospace',
        wrap: true,
      },
      { type: 'TextBlock', text: 'Registries it opens', weight: 'bolder', wrap: true, separator: true },
      { type: 'TextBlock', text: '- shop\n- web', wrap: true },
      { type: 'TextBlock', text: 'Also open there', weight: 'bolder', wrap: true, separator: true },
      { type: 'TextBlock', text: '- low: Service principal secret expires soon (shop secret/k1)', wrap: true },
    ]);
    expect(actions).toEqual([
      {
        type: 'Action.OpenUrl',
        title: 'Registry in the portal',
        url: 'https://portal.azure.com/#@t/resource/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerRegistry/registries/shop',
      },
    ]);
  });

  it('drops what matters least from a card that is too large, and says so', () => {
    const long = 'x'.repeat(4000);
    const related = Array.from({ length: 20 }, () => row({ FindingTitle: '*'.repeat(400), Subject: '*'.repeat(400) }));
    const registries = Array.from({ length: 20 }, () => `/registries/${'*'.repeat(400)}`);
    const message = cardOf(incident({ related, summary: '*'.repeat(400) }, { Evidence: { holder: long, registries } }));
    const texts = contentOf(message).body.map(({ text }) => text);
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(CARD_BYTES);
    expect(texts).toContain('To mend it');
    expect(texts).not.toContain('Also open there');
    expect(texts.at(-1)).toBe('Shortened: the rest is in AcrWardenIncidents\\_CL.');
  });

  it.each([
    { what: 'as long as real ones are', length: 700, text: /^az x+$/ },
    { what: 'as long as fits', length: 4000, text: /^az x+$/ },
    { what: 'too long', length: 4001, text: /^The command is too long for a card/ },
  ])('shows a command $what whole or not at all, never another one', ({ length, text }) => {
    const { body } = contentOf(cardOf(incident({ fix: `az ${'x'.repeat(length - 3)}` })));
    const shown = String(body.find(({ fontType }) => fontType === 'monospace')?.text);
    expect(shown).toMatch(text);
    expect(shown.length === length || length > 4000).toBe(true);
  });

  it.each([
    ['- a', '\\- a'],
    ['12. a', '12\\. a'],
    ['a - b 1. c', 'a - b 1. c'],
    ['-a', '-a'],
  ])('%j is no list', (name, shown) => {
    const [, , facts] = contentOf(cardOf(incident({}, { RegistryName: name }))).body;
    expect(facts?.facts).toContainEqual({ title: 'Registry', value: shown });
  });

  const OTHER_NAME = 'No longer looked at under this name, which does not mean mended: ';
  it.each<[string, WorkspaceRow, string, string, boolean]>([
    ['resolved', { Status: 'resolved', StatusReason: 'fixed' }, 'Resolved: ', 'good', false],
    ['deleted', { Status: 'resolved', StatusReason: 'deleted' }, 'Gone with what it was about: ', 'good', false],
    [
      'accepted',
      { Status: 'resolved', StatusReason: 'accepted' },
      'Accepted, which does not mean mended: ',
      'warning',
      false,
    ],
    [
      'expired since, and of another check',
      { Status: 'resolved', StatusReason: 'out-of-scope' },
      OTHER_NAME,
      'warning',
      false,
    ],
    ['worse, and another rule has it', { Status: 'changed', Severity: 'critical' }, 'Still open: ', 'warning', true],
    ['muted', { Status: 'ongoing', Muted: true }, 'Muted, which does not mean mended: ', 'warning', true],
    [
      'muted, and resolved since',
      { Status: 'resolved', StatusReason: 'fixed', Muted: true },
      'Resolved: ',
      'good',
      false,
    ],
  ])('tells by the finding how an alert ended: %s', (_what, finding, words, color, hasFix) => {
    const ended = aboutFinding(
      { ...incident().call, condition: 'Resolved' },
      row({ Fix: 'az', ...finding }),
      NONE,
      PLACE,
    );
    const text = `${words}Service principal secret expires soon`;
    const { body } = contentOf(cardOf(ended));
    expect(body[0]).toMatchObject({ text, color });
    expect(body.some((block) => block.text === 'To mend it')).toBe(hasFix);
    // The alert ended, and not what it is about.
    const title = words === 'Resolved: ' ? 'Resolved' : 'Alert ended';
    expect(JSON.stringify(body[2])).toContain(`"title":"${title}","value":"2026-11-24 06:20 UTC"`);
    expect(markdownOf(ended)).toMatch(new RegExp(`^# ${text}\n`));
    expect(markdownOf(ended)).toContain(
      `\n- State: ${[ended.finding?.Status, finding.StatusReason].filter(Boolean).join(': ')}\n`,
    );
  });

  it('lets no name be markup, hidden or a link', () => {
    const message = cardOf(incident({ title: HOSTILE }, { Subject: HOSTILE, Owners: HOSTILE }));
    const text = JSON.stringify(message);
    expect(text).not.toMatch(/\p{Cf}|\\u0000/u);
    const [title, , facts] = contentOf(message).body;
    const values = Array.isArray(facts?.facts) ? facts.facts.map(({ value }) => String(value)) : [];
    for (const shown of [String(title?.text), ...values]) expect(shown).not.toMatch(/(^|[^\\])[[<*`#]/);
    expect(contentOf(message).actions.map(({ url }) => new URL(url).protocol)).toEqual(['https:']);
  });

  it('leaves out a link that leaves no room for the rest', () => {
    const finding = row({ RegistryId: `/subscriptions/s/resourceGroups/${'ü'.repeat(4000)}/providers/x` });
    const message = cardOf(aboutFinding(incident().call, finding, NONE, PLACE));
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(CARD_BYTES);
    expect(contentOf(message).actions.map(({ title }) => title)).toEqual(['All alerts']);
  });

  it('refuses an address that is none of https', () => {
    const links = [{ title: 'x', url: 'javascript:alert(1)' }];
    expect(contentOf(cardOf(incident({ links }))).actions).toEqual([]);
  });
});

describe('the report in Markdown', () => {
  it('gives of others too their reason and fix, as long as there is room for them', () => {
    const [fix, long] = ['az `x`\n# y', `az ${'x'.repeat(14_900)}`];
    const related = [
      row({ Reason: 'It *ends*.', Fix: fix }),
      row({ Fix: long, FindingTitle: 'long' }),
      row({ Reason: 'Short.' }),
    ];
    const mute = { MuteOwner: 'ana', MuteReason: 'why', MutedUntil: new Date('2027-04-01T00:00:00Z') };
    const muted = [row({ Reason: 'Silent.', Fix: 'az m', ...mute })];
    expect(markdownOf(incident({ related, muted, unread: ['cannot read A'] }))).toContain(`## Also open there

- high: Service principal secret expires soon (shop secret/k1)

  It \\*ends\\*. FindingId 0123456789abcdef.

      az \`x\` # y

- high: long (shop secret/k1)

- high: Service principal secret expires soon (shop secret/k1)

  Short. FindingId 0123456789abcdef.

## Muted, which does not mean mended

- high: Service principal secret expires soon (shop secret/k1), muted by ana until 2027-04-01 00:00 UTC: why

  Silent. FindingId 0123456789abcdef.

      az m

Explained in`);
  });

  it('has room for what could not be read before the details of others', () => {
    const registries = Array.from({ length: 1000 }, (_, n) => `/registries/registry${n}`);
    const many = Array.from({ length: 20 }, (_, n) => row({ Reason: `Reason ${n}.`, Fix: `az ${'x'.repeat(700)}` }));
    const report = markdownOf(
      incident({ related: many, muted: many, unread: ['cannot read A'] }, { Evidence: { registries } }),
    );
    expect(report).toContain('  Reason 0.');
    expect(report).toMatch(/## Could not be read\n\n- cannot read A\n$/);
    expect(Buffer.byteLength(report)).toBeLessThanOrEqual(60_000);
  });

  it('fits its column, and says when it was cut', () => {
    const evidence = { holder: 'x', registries: Array.from({ length: 5000 }, (_, n) => `/registries/registry${n}`) };
    const report = markdownOf(incident({}, { Evidence: evidence }));
    expect(Buffer.byteLength(report)).toBeLessThanOrEqual(60_000);
    expect(report).toMatch(/… cut, \d+ bytes in all\n$/);
  });
});
