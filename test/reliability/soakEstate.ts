import type { EstateFile } from '../../simulator/index.ts';
import { OTHER_SUB, only, registryId } from '../build.ts';
import { wireRegistry } from '../wire.ts';
import { application, ends, GRAPH, labEstate, push, secret } from './estate.ts';
import { at } from './lab.ts';

/** Few sources, so that many seeds can be tried: registries, tokens, who holds which role, and the directory. */
export const SOAK_POLICY = only(
  'admin-account-enabled',
  'public-network-access-enabled',
  'anonymous-pull-enabled',
  'token-password-never-expires',
  'token-password-expiring',
  'token-password-expired',
  'principal-secret-expiring',
  'principal-secret-expired',
  'role-assignment-orphaned',
  'unreadable-scope',
);

type Step = NonNullable<EstateFile['timeline']>[number];
type Draw = () => number;

const HOURS = 48;
const REGISTRIES = [registryId('shop'), registryId('pay'), registryId('old'), registryId('dev', OTHER_SUB)];
const TOKENS = [`${REGISTRIES[0]}/tokens/kiosk`, `${REGISTRIES[0]}/tokens/till`, `${REGISTRIES[1]}/tokens/terminal`];

/** A tenant in which, between the sweeps, about one thing an hour goes wrong or is mended. */
export function soakEstate(draw: Draw): EstateFile {
  const steps: Step[] = [];
  const gone = new Set<string>();
  for (let hour = 0; hour < HOURS - 1; hour++) {
    for (let n = Math.floor(draw() * 3); n > 0; n--) steps.push({ at: at(hour, 55), ...change(draw, hour, gone) });
  }
  return labEstate(steps);
}

function change(draw: Draw, hour: number, gone: Set<string>): Omit<Step, 'at'> {
  const kinds: (() => Omit<Step, 'at'>)[] = [
    () => ({ merge: { id: pick(draw, REGISTRIES.slice(0, 2)), properties: { adminUserEnabled: draw() < 0.5 } } }),
    () => ({
      merge: {
        id: pick(draw, [REGISTRIES[0] ?? '', REGISTRIES[3] ?? '']),
        properties: { publicNetworkAccess: draw() < 0.5 ? 'Enabled' : 'Disabled' },
      },
    }),
    () => ({ merge: { id: REGISTRIES[3] ?? '', properties: { anonymousPullEnabled: draw() < 0.5 } } }),
    () => ({ merge: { id: pick(draw, TOKENS), properties: { credentials: { passwords: [password(draw)] } } } }),
    () => ({ merge: { id: pick(draw, TOKENS), properties: { status: draw() < 0.5 ? 'enabled' : 'disabled' } } }),
    () => ({ graph: { ...GRAPH, applications: [robot(1, draw, hour), robot(2, draw, hour)] } }),
    () => toggled(gone, wireRegistry('old', { publicNetworkAccess: 'Enabled' })),
    () => toggled(gone, push(REGISTRIES[1] ?? '', 3)),
  ];
  return pick(draw, kinds)();
}

/** Takes a resource away, or puts it back. */
function toggled(gone: Set<string>, resource: { id: string }): Omit<Step, 'at'> {
  if (gone.delete(resource.id)) return { merge: resource };
  gone.add(resource.id);
  return { remove: resource.id };
}

/** From expired to years away, now and then within the soak. */
function days(draw: Draw): number {
  return pick(draw, [-1, 0.5, 1.2, 2, 10, 20, 29.5, 31, 200]);
}

function password(draw: Draw) {
  return draw() < 0.2 ? { name: 'password1', expiry: null } : ends(days(draw));
}

function robot(number: number, draw: Draw, hour: number) {
  return application(number, [secret(String(10 * number + (hour % 10)), days(draw))]);
}

function pick<T>(draw: Draw, all: T[]): T {
  const one = all[Math.floor(draw() * all.length)];
  if (one === undefined) throw new Error('there is nothing to pick from');
  return one;
}
