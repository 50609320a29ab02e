import { expect, test } from 'vitest';
import { ask, failure, simulatorOf } from '../ask.ts';

const WORKFLOW =
  'https://prod-77.westeurope.logic.azure.com:443/workflows/5a1e/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=PLANTED';
const FLOW =
  'https://default5a1e.4a.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/5a1e/triggers/manual/paths/invoke?api-version=1&sig=PLANTED';
const card = (text = 'hello', fields: object = {}) => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text }], ...fields },
    },
  ],
});

const send = (simulator: ReturnType<typeof simulatorOf>, body: unknown, url = WORKFLOW) =>
  ask(simulator, url, { method: 'POST', authorization: '', body });

test.each([WORKFLOW, FLOW])('a card is accepted and kept: %s', async (url) => {
  const simulator = simulatorOf({});
  const { status, body } = await send(simulator, card(), url);
  expect([status, body]).toEqual([202, undefined]);
  expect([simulator.teams, simulator.defects]).toEqual([
    [
      {
        at: '2026-11-24T06:00:00.000Z',
        host: new URL(url).hostname,
        body: card(),
        bytes: JSON.stringify(card()).length,
      },
    ],
    [],
  ]);
});

const sized = (bytes: number) => card('x'.repeat(bytes - JSON.stringify(card('')).length));

test.each([
  ['nothing', undefined, 'the body is not a JSON object'],
  ['a MessageCard', { '@type': 'MessageCard', text: 'x' }, 'MessageCard is not supported'],
  ['a card without its envelope', { type: 'AdaptiveCard', body: [] }, 'the envelope is'],
  ['no attachment', { type: 'message', attachments: [] }, 'the envelope is'],
  [
    'another kind of attachment',
    { type: 'message', attachments: [{ contentType: 'text/html', content: {} }] },
    'contentType',
  ],
  [
    'something else inside',
    { type: 'message', attachments: [{ ...card().attachments[0], content: { type: 'X' } }] },
    'no AdaptiveCard',
  ],
  [
    '24,453 bytes',
    sized(24_453),
    'MessageSizeExceeded: Message properties size exceeded. Actual message properties size: 28897 bytes',
  ],
])('%s is accepted too, and never appears', async (_name, body, failed) => {
  const simulator = simulatorOf({});
  expect((await send(simulator, body)).status).toBe(202);
  expect(simulator.teams).toEqual([expect.objectContaining({ failure: expect.stringContaining(failed) })]);
  expect(simulator.defects).toEqual([{ service: 'teams', message: expect.stringContaining(failed) }]);
});

test('the largest card that appears has 24,262 bytes', async () => {
  const simulator = simulatorOf({});
  await send(simulator, sized(24_262));
  await send(simulator, sized(24_263));
  expect(simulator.teams.map((post) => [post.bytes, post.failure === undefined])).toEqual([
    [24_262, true],
    [24_263, false],
  ]);
});

test.each([
  ['no signature', WORKFLOW.replace('&sig=PLANTED', ''), 'POST', [401, 'DirectApiAuthorizationRequired']],
  [
    'another path',
    'https://prod-77.westeurope.logic.azure.com/workflows/5a1e?sig=x',
    'POST',
    [404, 'WorkflowNotFound'],
  ],
  ['a GET', WORKFLOW, 'GET', [405, 'MethodNotAllowed']],
])('%s is refused', async (_name, url, method, expected) => {
  const simulator = simulatorOf({});
  const answer = await ask(simulator, url, { method, authorization: '' });
  expect([failure(answer), simulator.teams]).toEqual([expected, []]);
});

test('a fault rule makes the workflow refuse, and nothing is kept', async () => {
  const simulator = simulatorOf(
    {},
    { faults: [{ match: { service: 'teams', times: 1 }, effect: { kind: 'status', status: 429, retryAfter: '5' } }] },
  );
  const first = await send(simulator, card());
  expect([first.status, first.headers.get('retry-after'), simulator.teams.length]).toEqual([429, '5', 0]);
  expect([(await send(simulator, card())).status, simulator.teams.length]).toEqual([202, 1]);
});
