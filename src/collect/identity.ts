import * as z from 'zod';
import { UnusableAnswerError } from './attempt.ts';
import type { WireObject } from './send.ts';

const Identity = z.object({ id: z.string(), appId: z.string(), displayName: z.string().nullish() });

/** What every application and service principal has; throws on what comes without. */
export function identity(wire: WireObject, of: string): { id: string; appId: string; displayName: string } {
  const read = Identity.safeParse(wire);
  if (!read.success) throw new UnusableAnswerError(`${of} came without ${read.error.issues[0]?.path.join('.')}`);
  return { ...read.data, displayName: read.data.displayName ?? read.data.appId };
}

/** How people know a person; undefined: we may see that they exist and no more (Graph: limited-info). */
export function personName(wire: WireObject): string | undefined {
  return textOf(wire.mail) ?? textOf(wire.userPrincipalName) ?? textOf(wire.displayName);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
