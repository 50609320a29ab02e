import { OTHER_SUB, only, registryId } from '../build.ts';
import { wireRegistry } from '../wire.ts';
import { application, ends, GRAPH, labEstate, push, secret } from './estate.ts';
import { type Change, type Draw, pick, timelineOf, toggled, type World } from './soakWorld.ts';

/** Few sources, so that many seeds can be tried: registries, tokens, who holds which role, and the directory. */
const POLICY = only(
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

const REGISTRIES = [registryId('shop'), registryId('pay'), registryId('old'), registryId('dev', OTHER_SUB)];
const TOKENS = [`${REGISTRIES[0]}/tokens/kiosk`, `${REGISTRIES[0]}/tokens/till`, `${REGISTRIES[1]}/tokens/terminal`];

/** A tenant in which, between the sweeps, about one thing an hour goes wrong or is mended. */
export const FEW: World = {
  policy: POLICY,
  estate(draw) {
    const gone = new Set<string>();
    const steps = timelineOf(draw, (hour) => [
      ...changesOfRegistries(draw),
      () => ({ graph: { ...GRAPH, applications: robots(draw, hour) } }),
      ...comingAndGoing(gone),
    ]);
    return labEstate(steps);
  },
  from: 0,
  quiet: 12,
  cuts: 0,
  hurried: 0,
};

export function changesOfRegistries(draw: Draw): (() => Change)[] {
  return [
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
  ];
}

export function comingAndGoing(gone: Set<string>): (() => Change)[] {
  return [
    () => toggled(gone, wireRegistry('old', { publicNetworkAccess: 'Enabled' })),
    () => toggled(gone, push(REGISTRIES[1] ?? '', 3)),
  ];
}

/** The two applications, each with a secret of another age. */
export function robots(draw: Draw, hour: number) {
  return [robot(1, draw, hour), robot(2, draw, hour)];
}

/** From expired to years away, now and then within the soak. */
export function days(draw: Draw): number {
  return pick(draw, [-1, 0.5, 1.2, 2, 10, 20, 29.5, 31, 200]);
}

function password(draw: Draw) {
  return draw() < 0.2 ? { name: 'password1', expiry: null } : ends(days(draw));
}

function robot(number: number, draw: Draw, hour: number) {
  return application(number, [secret(String(10 * number + (hour % 10)), days(draw))]);
}
