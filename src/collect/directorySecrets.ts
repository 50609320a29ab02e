import * as z from 'zod';
import type { DirectorySecret } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { Source } from '../model/source.ts';
import { attempt, UnusableAnswerError } from './attempt.ts';
import type { WireObject } from './send.ts';
import { given, instant } from './wire.ts';

// `hint`, `secretText` and `key` are never looked at.
const WireSecret = z.object({
  keyId: z.string(),
  displayName: z.string().nullish(),
  startDateTime: z.string().nullish(),
  endDateTime: z.string().nullish(),
  customKeyIdentifier: z.string().nullish(),
  usage: z.string().nullish(),
});

interface SecretsOf {
  source: Source;
  /** object id of the service principal that signs in with them */
  holder: string;
  of: string;
}

/**
 * The dates of an object's passwords and certificates; one that cannot be understood is a gap of its holder. Graph sends
 * both lists, empty where there is nothing in them (wire: applications-list): one that is not there says nothing.
 */
export async function readSecrets(wire: WireObject, { source, holder, of }: SecretsOf, gaps: Gap[]) {
  const secrets: DirectorySecret[] = [];
  const scope = `/servicePrincipals/${holder}`;
  for (const [kind, field] of [
    ['password', 'passwordCredentials'],
    ['certificate', 'keyCredentials'],
  ] as const) {
    const list = await attempt(gaps, source, scope, async () => listOf(wire, field, of));
    for (const item of list ?? []) {
      const secret = await attempt(gaps, source, scope, async () => toSecret(item, kind, of));
      if (secret) secrets.push(secret);
    }
  }
  return secrets;
}

function listOf(wire: WireObject, field: string, of: string): unknown[] {
  const list = wire[field];
  if (!Array.isArray(list)) throw new UnusableAnswerError(`${of} came without its list of ${field}`);
  return list;
}

function toSecret(wire: unknown, kind: DirectorySecret['kind'], of: string): DirectorySecret {
  const read = WireSecret.safeParse(wire);
  if (!read.success)
    throw new UnusableAnswerError(`a ${kind} of ${of} came without ${read.error.issues[0]?.path.join('.')}`);
  const { keyId, displayName, startDateTime, endDateTime, customKeyIdentifier, usage } = read.data;
  const name = `${kind} ${keyId} of ${of}`;
  return {
    keyId,
    kind,
    ...given('displayName', displayName),
    ...given('startsOn', instant(startDateTime, 'startDateTime', name)),
    ...given('expiresOn', instant(endDateTime, 'endDateTime', name)),
    ...(usage === 'Sign' || usage === 'Verify' ? { usage } : {}),
    ...given('customKeyIdentifier', customKeyIdentifier),
  };
}
