import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { CredentialUnavailableError } from '@azure/identity';
import { describe, expect, test } from 'vitest';
import { attempt, gapFrom, isNotFound, NoSignInError, UnusableAnswerError } from '../../src/collect/attempt.ts';
import { REFUSED_WAIT_HEADER } from '../../src/guard.ts';
import type { Gap } from '../../src/model/gap.ts';
import { registryId } from '../build.ts';

const SHOP = registryId('shop');
const OBJECT_ID = '0bde57a1-5a1e-4f0e-9d1c-000000000001';

function restError(message: string, statusCode: number, code?: string, headers: Record<string, string> = {}) {
  const request = createPipelineRequest({ url: 'https://management.azure.com/' });
  const response = { request, status: statusCode, headers: createHttpHeaders(headers) };
  return new RestError(message, { statusCode, request, response, ...(code && { code }) });
}

const DENIED = `The client 'x' with object id '${OBJECT_ID}' does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/tokens/read' over scope '${SHOP}' or the scope is invalid.`;

describe('gapFrom', () => {
  const cases: [string, unknown, Omit<Gap, 'source' | 'scope'>][] = [
    [
      "ARM's 403 names the action and who was refused",
      restError(DENIED, 403, 'AuthorizationFailed'),
      {
        code: 'AuthorizationFailed',
        reason: `cannot read the repository tokens of registry shop: 403, Microsoft.ContainerRegistry/registries/tokens/read is not granted`,
        permission: 'Microsoft.ContainerRegistry/registries/tokens/read',
        principalId: OBJECT_ID,
      },
    ],
    [
      'a 403 without an action costs the permission of the source',
      restError('Insufficient privileges to complete the operation.', 403, 'Authorization_RequestDenied'),
      {
        code: 'Authorization_RequestDenied',
        reason: `cannot read the repository tokens of registry shop: 403, Microsoft.ContainerRegistry/registries/tokens/read is not granted`,
        permission: 'Microsoft.ContainerRegistry/registries/tokens/read',
      },
    ],
    [
      'the action that is named counts, not the usual one, whatever the code',
      restError(DENIED.replace('tokens/read', 'scopeMaps/read'), 403, 'LinkedAccessCheckFailed'),
      {
        code: 'LinkedAccessCheckFailed',
        reason: `cannot read the repository tokens of registry shop: 403, Microsoft.ContainerRegistry/registries/scopeMaps/read is not granted`,
        permission: 'Microsoft.ContainerRegistry/registries/scopeMaps/read',
        principalId: OBJECT_ID,
      },
    ],
    ...[undefined, 'RequestDisallowedByPolicy', 'ReadOnlyDisabledSubscription'].map(
      (code): [string, unknown, Omit<Gap, 'source' | 'scope'>] => [
        `a 403 that no permission changes: ${code}`,
        restError('no', 403, code),
        {
          code: code ?? 'HTTP 403',
          reason: `cannot read the repository tokens of registry shop: 403 ${code ?? 'HTTP 403'}: no`,
        },
      ],
    ),
    [
      '429 after all retries',
      restError('slow down', 429),
      { code: 'Throttled', reason: `cannot read the repository tokens of registry shop: throttled, after all retries` },
    ],
    [
      'a wait that was too long',
      restError('slow down', 429, undefined, { [REFUSED_WAIT_HEADER]: '3600' }),
      {
        code: 'Throttled',
        reason: `cannot read the repository tokens of registry shop: Azure asked to wait 3600 s, longer than a sweep waits`,
      },
    ],
    [
      'a subscription that is not there may also be one that we may not see',
      restError("The subscription 'x' could not be found.", 404, 'SubscriptionNotFound'),
      {
        code: 'SubscriptionNotFound',
        reason: `cannot read the repository tokens of registry shop: there is no such subscription, or nothing in it may be read`,
        permission: 'Microsoft.ContainerRegistry/registries/tokens/read',
      },
    ],
    [
      'a server error, its first line',
      restError('Something broke.\nTrace: …', 500, 'InternalServerError'),
      {
        code: 'InternalServerError',
        reason: `cannot read the repository tokens of registry shop: 500 InternalServerError: Something broke.`,
      },
    ],
    [
      'no code: the status',
      restError('Bad gateway', 502),
      { code: 'HTTP 502', reason: `cannot read the repository tokens of registry shop: 502 HTTP 502: Bad gateway` },
    ],
    [
      'a cut connection',
      new RestError('read ECONNRESET', { code: 'ECONNRESET' }),
      { code: 'ECONNRESET', reason: `cannot read the repository tokens of registry shop: ECONNRESET: read ECONNRESET` },
    ],
    [
      'an answer that cannot be used',
      new UnusableAnswerError('a token came without id'),
      { code: 'UnusableAnswer', reason: `cannot read the repository tokens of registry shop: a token came without id` },
    ],
    [
      'anything else that was thrown',
      new SyntaxError('Unexpected end of JSON input'),
      {
        code: 'SyntaxError',
        reason: `cannot read the repository tokens of registry shop: Unexpected end of JSON input`,
      },
    ],
  ];
  test.each(cases)('%s', (_what, error, expected) => {
    expect(gapFrom(error, 'tokens', SHOP)).toEqual({ source: 'tokens', scope: SHOP, ...expected });
  });

  test('what concerns everything has no place in its sentence', () => {
    expect(gapFrom(restError('x', 429), 'applications', '/').reason).toBe(
      'cannot read the applications: throttled, after all retries',
    );
  });

  test('no token for Azure is no gap: the sweep fails', () => {
    const error = new CredentialUnavailableError('Please run az login\nand so on');
    expect(() => gapFrom(error, 'tokens', SHOP)).toThrow(NoSignInError);
    expect(() => gapFrom(error, 'tokens', SHOP)).toThrow('cannot sign in to Azure: Please run az login');
  });

  test.each(['AuthenticationError', 'AggregateAuthenticationError', 'AuthenticationRequiredError'])(
    'nor is any other way of having none: %s',
    (name) => {
      const error = Object.assign(new Error('no token'), { name });
      expect(() => gapFrom(error, 'tokens', SHOP)).toThrow(NoSignInError);
    },
  );
});

describe('attempt', () => {
  test('passes on what was read', async () => {
    const gaps: Gap[] = [];
    expect(await attempt(gaps, 'tokens', SHOP, async () => 7)).toBe(7);
    expect(gaps).toEqual([]);
  });

  test('makes a gap of a failure', async () => {
    const gaps: Gap[] = [];
    const failing = async (): Promise<number> => {
      throw restError('x', 429);
    };
    expect(await attempt(gaps, 'tokens', SHOP, failing)).toBeUndefined();
    expect(gaps.map(({ source, scope, code }) => ({ source, scope, code }))).toEqual([
      { source: 'tokens', scope: SHOP, code: 'Throttled' },
    ]);
  });
});

test.each([
  [restError('gone', 404, 'ResourceNotFound'), true],
  [restError('gone', 404, 'ResourceGroupNotFound'), true],
  [restError('not visible', 404, 'SubscriptionNotFound'), false],
  [restError('no', 403, 'AuthorizationFailed'), false],
  [restError('<html>a page of a proxy</html>', 404), false],
  [restError('no such type', 404, 'InvalidResourceType'), false],
  [restError('refused', 400, 'ResourceNotFound'), false],
  [new Error('404'), false],
])('isNotFound %s: %s', (error, expected) => {
  expect(isNotFound(error)).toBe(expected);
});
