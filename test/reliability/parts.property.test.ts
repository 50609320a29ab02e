import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seeded } from '../../simulator/faults.ts';
import { shardsOf, sweepIdOf } from '../../src/plan.ts';
import { loadState, sweptShards } from '../../src/state/shardState.ts';
import { only, registryId } from '../build.ts';
import { estateOf, wireRegistry, wireToken } from '../wire.ts';
import { ends } from './estate.ts';
import { at, createLab, type Lab } from './lab.ts';
import { type Draw, pick, toggled } from './soakWorld.ts';
import { killedAt } from './steps.ts';
import { anHourOn, damage, differences, findingRows } from './truth.ts';

const POLICY = only(
  'admin-account-enabled',
  'public-network-access-enabled',
  'token-password-expiring',
  'defender-plan-disabled',
  'unreadable-scope',
);
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
/** Beyond the last step of a process nobody is killed. */
const STEPS = 40;
/** So many sweeps after the last fault all must have come to rest. */
const QUIET = 3;

/** Eight registries of which, between the sweeps, some break, are mended, go and come again. */
function estate(draw: Draw, hours: number) {
  const gone = new Set<string>();
  const timeline = Array.from({ length: hours }, (_, hour) => {
    const name = pick(draw, NAMES);
    const when = at(hour, 55);
    if (draw() < 0.3 || gone.has(registryId(name)))
      return { at: when, ...toggled(gone, wireRegistry(name, { adminUserEnabled: true })) };
    const adminUserEnabled = draw() < 0.5;
    const publicNetworkAccess = draw() < 0.5 ? 'Enabled' : 'Disabled';
    return { at: when, merge: { id: registryId(name), properties: { adminUserEnabled, publicNetworkAccess } } };
  });
  const registries = NAMES.map((name, index) => wireRegistry(name, { adminUserEnabled: index % 2 === 0 }));
  return estateOf([...registries, wireToken('b', 'till', [ends(5)]), wireToken('c', 'kiosk', [ends(1)])], { timeline });
}

/** One sweep, in which processes are killed and messages are lost, late or come twice. */
async function hour(lab: Lab, n: number, draw: Draw, late: { sweepId: string; shard: string }[]): Promise<void> {
  lab.wait(at(n));
  lab.wrapping = () => (draw() < 0.2 ? killedAt(Math.floor(draw() * STEPS), draw() < 0.5 ? 'before' : 'after') : {});
  const [before, after] = Map.groupBy(late.splice(0), () => (draw() < 0.5 ? 'before' : 'after')).values();
  for (const { sweepId, shard } of before ?? []) await lab.work(sweepId, shard);
  const plan = await lab.plan(n);
  for (const shard of plan ? shardsOf(plan) : []) {
    const message = { sweepId: plan?.sweepId ?? '', shard };
    if (draw() < 0.08) continue;
    if (draw() < 0.15) late.push(message);
    else await lab.work(message.sweepId, shard);
    if (draw() < 0.1) await lab.work(message.sweepId, shard);
  }
  for (const { sweepId, shard } of after ?? []) await lab.work(sweepId, shard);
  await lab.close(n);
}

/** The findings that are kept for the next sweep, each as often as it is kept. */
async function kept({ store }: Lab): Promise<string[]> {
  const all: string[] = [];
  for (const shard of await sweptShards(store)) {
    const { state } = await loadState(store, shard);
    for (const { findingId } of state?.findings ?? []) all.push(findingId);
  }
  return all;
}

test('however a subscription is cut from sweep to sweep, its rows end as if it never was', async () => {
  const cuts = fc.array(fc.constantFrom(1, 2, 4, 8, 100), { minLength: 2, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(cuts, fc.integer({ min: 1, max: 1_000_000 }), async (most, seed) => {
      const hours = most.length + QUIET;
      // What changes the number of registries may change the cut, which takes a sweep or two to be done with.
      const world = estate(seeded(seed), most.length);
      const whole = await createLab({ estate: world, policy: POLICY });
      for (let n = 0; n < hours; n++) await whole.hour(n);
      const lab = await createLab({ estate: world, policy: POLICY });
      const draw = seeded(seed + 1);
      const late: { sweepId: string; shard: string }[] = [];
      for (let n = 0; n < hours; n++) {
        lab.mostRegistries = most[n] ?? lab.mostRegistries;
        await hour(lab, n, n < most.length ? draw : () => 1, late);
      }
      const rows = await findingRows(lab);
      const truth = whole.simulator.workspace.tables;
      const keptNow = await kept(lab);
      const end = { sweepId: sweepIdOf(at(hours)), isOver: true };
      expect({
        ...damage(rows, [truth], end),
        // A message that comes an hour late sees the world as it is then.
        falselyResolved: damage(rows, [truth, anHourOn(truth)], end).falselyResolved,
        differences: differences(rows, truth),
        twice: keptNow.filter((id, index) => keptNow.indexOf(id) !== index),
        failed: whole.errors,
      }).toEqual({ lost: [], falselyResolved: [], stuck: [], differences: [], twice: [], failed: [] });
    }),
    { seed: 9, numRuns: 15 },
  );
});
