import { isRestError } from '@azure/core-rest-pipeline';
import { REFUSED_WAIT_HEADER, SAID_HEADER } from '../guard.ts';
import type { Gap } from '../model/gap.ts';
import { SOURCES, type Source } from '../model/source.ts';

/** What a read answered is not what its documentation promises: a needed field is absent or cannot be understood. */
export class UnusableAnswerError extends Error {
  override name = 'UnusableAnswerError';
}

/** No token could be had: nothing can be read, so the sweep fails rather than reporting gaps everywhere. */
export class NoSignInError extends Error {
  override name = 'NoSignInError';
}

/** Runs one read with its paging; a failure becomes a gap and `undefined`. Only a missing sign-in is thrown. */
export async function attempt<T>(
  gaps: Gap[],
  source: Source,
  scope: string,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    gaps.push(gapFrom(error, source, scope));
    return undefined;
  }
}

/** Says what a failed read leaves unknown. */
export function gapFrom(error: unknown, source: Source, scope: string): Gap {
  if (isSignInFailure(error)) {
    throw new NoSignInError(`cannot sign in to Azure: ${firstLine(error)}`, { cause: error });
  }
  const { code, detail, permission, principalId } = diagnose(error, source);
  const place = scope === '/' ? '' : ` of ${inWords(scope)}`;
  return {
    source,
    scope,
    code,
    reason: `cannot read the ${SOURCES[source].title}${place}: ${detail}`,
    ...(permission && { permission }),
    ...(principalId && { principalId }),
  };
}

/** "registry shop", "subscription 1234": the scope itself stands beside the reason. */
function inWords(scope: string): string {
  const segments = scope.split('/');
  const kind = segments.at(-2)?.replace(/ies$/, 'y').replace(/s$/, '');
  return kind ? `${kind} ${segments.at(-1)}` : scope;
}

/**
 * Whether Azure says that the thing asked for is not there. A subscription that we may not see answers 404 too, and so
 * does a proxy on the way, which does not speak for Azure.
 */
export function isNotFound(error: unknown): boolean {
  if (!isRestError(error) || error.statusCode !== 404) return false;
  return /NotFound$/.test(error.code ?? '') && error.code !== 'SubscriptionNotFound';
}

/**
 * Whether the resource provider was never registered in a subscription. Then nothing of it is there: Azure refuses to
 * unregister one that has resources.
 */
export function isUnregistered(error: unknown): boolean {
  return isRestError(error) && error.code === 'MissingSubscriptionRegistration';
}

/** A list as it comes; nothing where its resource provider was never registered. */
export async function* whereRegistered<T>(list: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* list;
  } catch (error) {
    if (!isUnregistered(error)) throw error;
  }
}

/** What ARM, Graph and Key Vault call a missing permission. */
const REFUSED = /^((Linked)?AuthorizationFailed|Authorization_RequestDenied|AccessDenied|Forbidden)$/i;

function diagnose(error: unknown, source: Source) {
  if (!isRestError(error)) {
    const code = error instanceof UnusableAnswerError ? 'UnusableAnswer' : nameOf(error);
    return { code, detail: firstLine(error) };
  }
  const waited = error.response?.headers.get(REFUSED_WAIT_HEADER);
  if (waited) return { code: 'Throttled', detail: `Azure asked to wait ${waited} s, longer than a sweep waits` };
  if (error.statusCode === 429) return { code: 'Throttled', detail: 'throttled, after all retries' };
  const said = error.response?.headers.get(SAID_HEADER) ?? error.message;
  // ARM's text names the action and who was refused (wire: arm-errors)
  const [, action] = /perform action '([^']+)'/.exec(said) ?? [];
  // A policy, a disabled subscription and a proxy answer 403 too, which no permission changes.
  if (error.statusCode === 403 && (action || REFUSED.test(error.code ?? ''))) {
    const [, principalId] = /object id '([0-9a-f-]{36})'/i.exec(said) ?? [];
    const permission = action ?? SOURCES[source].permission;
    return {
      code: error.code ?? 'AuthorizationFailed',
      detail: `403, ${permission} is not granted`,
      permission,
      principalId,
    };
  }
  if (error.code === 'SubscriptionNotFound') {
    const detail = 'there is no such subscription, or nothing in it may be read';
    return { code: error.code, detail, permission: SOURCES[source].permission };
  }
  const code = error.code ?? (error.statusCode ? `HTTP ${error.statusCode}` : nameOf(error));
  return { code, detail: `${error.statusCode ? `${error.statusCode} ` : ''}${code}: ${firstLine(said)}` };
}

/** Whether no token could be had. */
export function isSignInFailure(error: unknown): boolean {
  // @azure/identity, dist/esm/errors.js
  const names = ['CredentialUnavailableError', 'AuthenticationError', 'AggregateAuthenticationError'];
  return names.includes(nameOf(error)) || nameOf(error) === 'AuthenticationRequiredError';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

/** What an error says, or begins to say. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
