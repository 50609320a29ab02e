import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import { deadlineIn, isEarly, READ_FOR_MS, SEND_FOR_MS, until } from '../src/deadline.ts';
import { createPace, paced } from '../src/pace.ts';

const READ = 'https://management.azure.com/subscriptions/s/resources';

/** A clock that moves only when somebody sleeps, and what was sent. */
function world() {
  let time = 0;
  const slept: number[] = [];
  const sent: number[] = [];
  const inner: HttpClient = {
    async sendRequest(request) {
      sent.push(time);
      return { request, status: 200, headers: createHttpHeaders() };
    },
  };
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    time += ms;
  };
  return { now: () => time, sleep, slept, sent, inner, pass: (ms: number) => (time += ms) };
}

function send(client: HttpClient): Promise<string> {
  return client.sendRequest(createPipelineRequest({ url: READ })).then(
    () => 'sent',
    (error: unknown) => (error instanceof Error ? error.name : 'thrown'),
  );
}

test('nothing is read any more at the deadline, and until then everything', async () => {
  const { now, inner, pass, sent } = world();
  const client = until(deadlineIn(1000, now), inner);
  const came = [await send(client)];
  pass(999);
  came.push(await send(client));
  pass(1);
  came.push(await send(client));
  pass(1000);
  came.push(await send(client));
  expect({ came, sent }).toEqual({ came: ['sent', 'sent', 'NotReached', 'NotReached'], sent: [0, 999] });
});

test('the pace does not wait beyond it, and what is not sent costs nothing', async () => {
  const { now, sleep, inner, pass, slept } = world();
  const pace = createPace({ now, sleep, share: 1 });
  const client = paced(inner, pace, deadlineIn(30, now));
  const came: string[] = [];
  for (let n = 0; n < 250; n++) await send(client);
  for (let n = 0; n < 3; n++) came.push(await send(client));
  pass(40);
  // With another deadline the same quota has one read, that of the 40 ms, and no debts.
  came.push(await send(paced(inner, pace, deadlineIn(30, now))));
  expect({ came, slept }).toEqual({ came: ['NotReached', 'NotReached', 'NotReached', 'sent'], slept: [] });
});

test('a message reads for 20 minutes, begins another part in the first ten, and sends for 25', () => {
  const minutes = (count: number) => count * 60_000;
  expect([READ_FOR_MS, SEND_FOR_MS]).toEqual([minutes(20), minutes(25)]);
  const { now, pass } = world();
  const deadline = deadlineIn(READ_FOR_MS, now);
  const early = [isEarly(deadline)];
  for (const ms of [minutes(10) - 1, 1, minutes(10)]) {
    pass(ms);
    early.push(isEarly(deadline));
  }
  expect(early).toEqual([true, true, false, false]);
});
