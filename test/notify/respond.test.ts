import { describe, expect, it } from 'vitest';
import host from '../../host.json' with { type: 'json' };
import { type FaultRule, SIMULATED_DCR, SIMULATED_WORKSPACE } from '../../simulator/index.ts';
import { closeSweeps } from '../../src/close.ts';
import { findingId } from '../../src/judge.ts';
import type { AlertCall } from '../../src/model/alert.ts';
import { CARDS_A_QUARTER, postKeptCards, type Responder, respond } from '../../src/notify/respond.ts';
import { posting } from '../../src/notify/teams.ts';
import { asking } from '../../src/notify/workspace.ts';
import { planSweep } from '../../src/plan.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { ingestion } from '../../src/publish/ingestion.ts';
import { beginAnswer, endAnswer, incidentId } from '../../src/state/incidents.ts';
import { runSweep } from '../../src/sweep.ts';
import { NOW, registryId, SUB, TENANT } from '../build.ts';
import { contextOf, estateOf, simulated, wireRegistry } from '../wire.ts';

const WORKFLOW =
  'https://prod-1.westeurope.logic.azure.com/workflows/w/triggers/manual/paths/invoke?api-version=2016-06-01&sig=PLANTED';
const FINDING = findingId('admin-account-enabled', registryId('shop'), '');
const { maxDequeueCount, visibilityTimeout } = host.extensions.queues;
const RETRY_MS = Date.parse(`1970-01-01T${visibilityTimeout}Z`);

function call(change: Partial<AlertCall> = {}): AlertCall {
  return {
    alertId: 'a1',
    rule: 'finding-high',
    condition: 'Fired',
    severity: 'Sev2',
    at: NOW,
    dimensions: { FindingId: FINDING, RegistryName: 'shop' },
    ...change,
  };
}

/** A workspace with one swept registry whose admin account is on, and Teams beside it. */
async function answering() {
  const estate = estateOf([wireRegistry('shop', { adminUserEnabled: true })]);
  const world = simulated(estate);
  const context = contextOf(world);
  const plan = await planSweep(world.azure, context.store, { policy: DEFAULT_POLICY, sweptAt: NOW, tenantId: TENANT });
  await runSweep(context, plan, SUB);
  const { simulator, azure } = world;
  const responder: Responder = {
    ask: asking(azure.logs, SIMULATED_WORKSPACE.id),
    post: posting(async () => WORKFLOW, azure.anyHost),
    send: ingestion(azure, SIMULATED_DCR),
    store: context.store,
    place: { portal: azure.cloud.portal, tenantId: TENANT, environment: context.environment },
    environment: 'test',
    sweepIntervalHours: 1,
    clock: () => simulator.now(),
  };
  const incidents = () => simulator.workspace.tables.AcrWardenIncidents_CL ?? [];
  const closed = () => closeSweeps(context, plan.sweepId);
  return { simulator, responder, incidents, closed };
}

describe('answering an alert', () => {
  it('posts a card and writes a row, both from what the workspace says', async () => {
    const { simulator, responder, incidents } = await answering();
    expect(await respond(responder, call())).toEqual({ incidentId: expect.any(String), card: 'posted' });
    expect(simulator.teams).toEqual([expect.objectContaining({ at: NOW })]);
    expect(JSON.stringify(simulator.teams[0]?.body)).toContain('Registry admin account is enabled');
    expect(incidents()).toEqual([
      expect.objectContaining({
        AlertId: 'a1',
        AlertRule: 'finding-high',
        Condition: 'Fired',
        Severity: 'Sev2',
        RegistryName: 'shop',
        FindingId: FINDING,
        Confidence: 'certain',
        Report: expect.stringContaining(`az acr update --name shop --subscription ${SUB} --admin-enabled false`),
      }),
    ]);
    expect(simulator.defects).toEqual([]);
  });

  it('says nothing twice, however often it is called', async () => {
    const { simulator, responder, incidents } = await answering();
    await respond(responder, call());
    expect(await respond(responder, call())).toEqual(expect.objectContaining({ card: 'repeated' }));
    expect([simulator.teams.length, incidents().length]).toEqual([1, 1]);
  });

  it('tells the end of an alert apart from its beginning', async () => {
    const { simulator, responder } = await answering();
    await respond(responder, call());
    expect(await respond(responder, call({ condition: 'Resolved' }))).toEqual(
      expect.objectContaining({ card: 'posted' }),
    );
    // By its rule alone: the finding is there, as when it has become worse and another rule's.
    expect(JSON.stringify(simulator.teams[1]?.body)).toContain('Still open: Registry admin account is enabled');
  });

  it('calls nothing resolved of which the rows have ended', async () => {
    const { simulator, responder } = await answering();
    simulator.advanceTo('2026-11-26T06:30:00Z');
    const auditors = { rule: 'sweep-incomplete', dimensions: { Shard: SUB } };
    await respond(responder, call({ condition: 'Resolved', at: '2026-11-26T06:30:00Z' }));
    await respond(responder, call({ ...auditors, alertId: 'a2', condition: 'Resolved', at: '2026-11-26T06:30:00Z' }));
    const texts = simulator.teams.map(({ body }) => JSON.stringify(body));
    for (const text of texts) expect(text).toContain('Not seen any more, which does not mean mended: ');
    for (const text of texts) expect(text).not.toContain('Resolved');
  });

  it('names a finding that has no row any more as the call does, and no registry where that names none', async () => {
    const { simulator, responder } = await answering();
    const dimensions = { FindingId: 'abcdef0123456789', FindingTitle: 'A secret expires soon', RegistryName: '' };
    await respond(responder, call({ condition: 'Resolved', dimensions }));
    const text = JSON.stringify(simulator.teams[0]?.body);
    expect(text).toContain('"Not seen any more, which does not mean mended: A secret expires soon"');
    expect(text).toContain('"The rule names FindingId abcdef0123456789, FindingTitle A secret expires soon."');
    expect(text).not.toContain('"Registry"');
  });

  it('calls an alert about the auditor resolved while sweeps are closed', async () => {
    const { simulator, responder, closed } = await answering();
    await closed();
    const auditors = { rule: 'sweep-incomplete', dimensions: { Shard: SUB } };
    await respond(responder, call({ ...auditors, condition: 'Resolved' }));
    expect(JSON.stringify(simulator.teams[0]?.body)).toContain('Resolved: Part of the estate was not swept');
  });

  it('tells what the alert itself says, the last time, where the workspace does not answer', async () => {
    const { simulator, responder, incidents } = await answering();
    simulator.faults.add({ match: { service: 'logsQuery' }, effect: { kind: 'status', status: 400 } });
    const named = call({ dimensions: { FindingId: FINDING, FindingTitle: 'Registry admin account is enabled' } });
    await expect(respond(responder, named)).rejects.toThrow('cannot query workspace');
    expect(simulator.teams).toEqual([]);
    expect((await respond(responder, named, true)).card).toBe('posted');
    expect(JSON.stringify(simulator.teams[0]?.body)).toContain('Registry admin account is enabled');
    expect(incidents()).toMatchObject([{ Confidence: 'unknown' }]);
  });

  it('does not announce what is resolved already, but keeps a row of it', async () => {
    const { simulator, responder, incidents } = await answering();
    await respond(responder, call({ condition: 'Resolved' }));
    expect(await respond(responder, call())).toEqual(expect.objectContaining({ card: 'outdated' }));
    expect([simulator.teams.length, incidents().length]).toEqual([1, 2]);
  });

  it('repeats nothing from a forged call: an unknown finding gets the rule and no more', async () => {
    const { simulator, responder } = await answering();
    const dimensions = { FindingId: '" | union SecurityEvent //', RegistryName: 'shop" or true //' };
    await respond(responder, call({ dimensions }));
    expect(simulator.teams).toHaveLength(1);
    expect(JSON.stringify(simulator.teams[0]?.body)).not.toContain('admin account');
  });

  it('believes no row of a clock that is days ahead', async () => {
    const { simulator, responder } = await answering();
    const rows = simulator.workspace.tables.AcrWardenFindings_CL ?? [];
    rows.push(...rows.map((row) => ({ ...row, SweptAt: '2026-11-27T06:00:00Z', FindingTitle: 'Of another day' })));
    await respond(responder, call());
    expect(JSON.stringify(simulator.teams[0]?.body)).toContain('Registry admin account is enabled');
  });

  it('tells what its own environment knows, whatever another in the same workspace says later', async () => {
    const { simulator, responder } = await answering();
    const rows = simulator.workspace.tables.AcrWardenFindings_CL ?? [];
    const later = rows.map((row) => ({
      ...row,
      Environment: 'other',
      SweptAt: '2026-11-24T06:30:00Z',
      FindingTitle: 'of another environment',
    }));
    rows.push(...later);
    await respond(responder, call());
    const card = JSON.stringify(simulator.teams[0]?.body);
    expect(card).toContain('Registry admin account is enabled');
    expect(card).not.toContain('of another environment');
  });

  it('answers from an empty workspace too', async () => {
    const { simulator, responder } = await answering();
    simulator.workspace.tables = {};
    expect(await respond(responder, call())).toEqual(expect.objectContaining({ card: 'posted' }));
  });

  it('collapses a storm into one card, and keeps a row of each', async () => {
    const { simulator, responder, incidents } = await answering();
    const cards: string[] = [];
    for (let number = 0; number < CARDS_A_QUARTER + 3; number++) {
      cards.push((await respond(responder, call({ alertId: `a${number}` }))).card);
    }
    expect(cards.filter((card) => card === 'posted')).toHaveLength(CARDS_A_QUARTER);
    expect(cards.slice(CARDS_A_QUARTER)).toEqual(['storm', 'storm', 'storm']);
    expect(simulator.teams).toHaveLength(CARDS_A_QUARTER + 1);
    expect(JSON.stringify(simulator.teams.at(-1)?.body)).toContain('Many alerts at once');
    expect(incidents()).toHaveLength(CARDS_A_QUARTER + 3);
  });

  it('keeps no card for a Teams that is not there any more, and none for longer than a week', async () => {
    const { simulator, responder } = await answering();
    simulator.faults.add({ match: { service: 'teams' }, effect: { kind: 'status', status: 503 } });
    await respond(responder, call());
    const { store, post } = responder;
    expect(await postKeptCards(post, store, new Date(simulator.now().getTime() + 7 * 24 * 3_600_000))).toBe(1);
    expect(await postKeptCards(post, store, new Date(simulator.now().getTime() + 7 * 24 * 3_600_001))).toBe(0);
    await respond(responder, call({ alertId: 'a2' }));
    expect(await postKeptCards(undefined, store, simulator.now())).toBe(0);
    expect(await store.list('incidents/kept/')).toEqual([]);
  });

  it.each([
    { what: '400', effect: { kind: 'status', status: 400 } },
    { what: '429', effect: { kind: 'status', status: 429 } },
    { what: '500', effect: { kind: 'status', status: 500 } },
    { what: 'nothing', effect: { kind: 'reset' } },
  ] as { what: string; effect: FaultRule['effect'] }[])(
    'keeps a card to which Teams answers $what, until Teams takes it',
    async ({ effect }) => {
      const { simulator, responder } = await answering();
      simulator.faults.add({ match: { service: 'teams' }, effect });
      expect(await respond(responder, call())).toEqual(expect.objectContaining({ card: 'kept' }));
      expect(await postKeptCards(responder.post, responder.store, simulator.now())).toBe(1);
      const [kept] = await responder.store.list('incidents/kept/');
      expect((await responder.store.read(kept ?? ''))?.text).not.toContain('PLANTED');
      simulator.faults.clear();
      expect(await postKeptCards(responder.post, responder.store, simulator.now())).toBe(0);
      expect(simulator.teams).toHaveLength(1);
    },
  );

  it.each([
    { status: 400, posted: 2 },
    { status: 413, posted: 2 },
    { status: 401, posted: 0 },
    { status: 404, posted: 0 },
    { status: 429, posted: 0 },
    { status: 503, posted: 0 },
  ])('posts $posted other cards where the first that it kept is answered with $status', async ({ status, posted }) => {
    const { simulator, responder } = await answering();
    simulator.faults.add({ match: { service: 'teams' }, effect: { kind: 'status', status: 503 } });
    for (const alertId of ['a1', 'a2', 'a3']) await respond(responder, call({ alertId }));
    simulator.faults.clear();
    simulator.faults.add({ match: { service: 'teams', times: 1 }, effect: { kind: 'status', status } });
    expect(await postKeptCards(responder.post, responder.store, simulator.now())).toBe(3 - posted);
    expect(simulator.teams).toHaveLength(posted);
  });

  it('posts what it kept a few at a time, nothing that has ended since, and in spite of one that cannot be read', async () => {
    const { simulator, responder } = await answering();
    const down: FaultRule = { match: { service: 'teams' }, effect: { kind: 'status', status: 503 } };
    for (let quarter = 0; quarter < 2; quarter++) {
      simulator.faults.add(down);
      for (let n = 0; n < CARDS_A_QUARTER - quarter; n++)
        await respond(responder, call({ alertId: `a${quarter}-${n}` }));
      simulator.faults.clear();
      simulator.advanceTo(new Date(simulator.now().getTime() + 15 * 60_000).toISOString());
    }
    expect((await respond(responder, call({ alertId: 'a0-0', condition: 'Resolved' }))).card).toBe('posted');
    await responder.store.write('incidents/kept/0.json', '{"version":2}');
    const told = simulator.teams.length;
    const all = 2 * CARDS_A_QUARTER - 1;
    // One is over, and one is damaged.
    expect(await postKeptCards(responder.post, responder.store, simulator.now())).toBeGreaterThanOrEqual(
      all - CARDS_A_QUARTER,
    );
    expect(simulator.teams.length - told).toBe(CARDS_A_QUARTER);
    expect(await postKeptCards(responder.post, responder.store, simulator.now())).toBe(1);
    expect(simulator.teams.length - told).toBe(all - 1);
    expect(await responder.store.list('incidents/kept/')).toEqual(['incidents/kept/0.json']);
  });

  it('answers again when it failed half-way', async () => {
    const { simulator, responder } = await answering();
    const broken: Responder = { ...responder, ask: async () => Promise.reject(new Error('no answer')) };
    await expect(respond(broken, call())).rejects.toThrow('no answer');
    expect(await respond(responder, call())).toEqual(expect.objectContaining({ card: 'posted' }));
    expect(simulator.teams).toHaveLength(1);
  });

  it('leaves alone whoever has taken over from it when it fails at last', async () => {
    const { simulator, responder } = await answering();
    const slow: Responder = {
      ...responder,
      ask: async () => {
        simulator.advanceTo(new Date(simulator.now().getTime() + 4 * RETRY_MS).toISOString());
        await beginAnswer(responder.store, incidentId(call()), simulator.now());
        throw new Error('no answer');
      },
    };
    await expect(respond(slow, call())).rejects.toThrow('no answer');
    await expect(respond(responder, call())).rejects.toThrow('somebody else is answering');
  });

  it('leaves it to whoever is at it, and keeps the message until they are done', async () => {
    const { simulator, responder } = await answering();
    const id = incidentId(call());
    await beginAnswer(responder.store, id, simulator.now());
    await expect(respond(responder, call())).rejects.toThrow('somebody else is answering');
    await endAnswer(responder.store, id, simulator.now());
    expect((await respond(responder, call())).card).toBe('repeated');
    expect(simulator.teams).toEqual([]);
  });

  it('takes over from whoever died over it, while the queue still brings the message', async () => {
    const { simulator, responder, incidents } = await answering();
    await beginAnswer(responder.store, incidentId(call()), simulator.now());
    const cards: string[] = [];
    for (let delivery = 2; delivery <= maxDequeueCount && cards.length === 0; delivery++) {
      simulator.advanceTo(new Date(simulator.now().getTime() + RETRY_MS).toISOString());
      await respond(responder, call(), delivery === maxDequeueCount).then(
        ({ card }) => cards.push(card),
        (error: Error) => expect(error.message).toContain('somebody else is answering'),
      );
    }
    expect([cards, simulator.teams.length, incidents().length]).toEqual([['posted'], 1, 1]);
  });

  it('writes the row alone where there is no Teams', async () => {
    const { responder, incidents } = await answering();
    const { post: _, ...silent } = responder;
    expect(await respond(silent, call())).toEqual(expect.objectContaining({ card: 'none' }));
    expect(incidents()).toHaveLength(1);
  });
});
