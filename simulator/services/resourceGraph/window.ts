import type { World } from '../../world.ts';

/** "A user can send at most 15 queries within every 5-second window" ("Guidance for throttled requests"). */
const QUERIES = 15;
const WINDOW_MS = 5000;

export interface Taken {
  allowed: boolean;
  remaining: number;
  /** Seconds until the window ends; whole, at least 1. */
  resetsAfter: number;
}

const windows = new WeakMap<World, Map<string, { start: number; used: number }>>();

/** Takes one query of the principal's window, which starts with its first query and ends five seconds later. */
export function takeQuery(principal: string, world: World): Taken {
  const now = (world.options.quotaNow ?? (() => performance.now()))();
  const open = windows.get(world) ?? new Map<string, { start: number; used: number }>();
  windows.set(world, open);
  const last = open.get(principal);
  const current = last === undefined || now >= last.start + WINDOW_MS ? { start: now, used: 0 } : last;
  const allowed = current.used < QUERIES || world.options.throttling === false;
  const used = allowed ? current.used + 1 : current.used;
  open.set(principal, { start: current.start, used });
  const resetsAfter = Math.max(1, Math.ceil((current.start + WINDOW_MS - now) / 1000));
  return { allowed, remaining: Math.max(0, QUERIES - used), resetsAfter };
}
