import { expect, test } from 'vitest';
import { createReceiver } from '../../../../simulator/services/alerts/receiver.ts';

/** A receiver whose endpoint answers so, one after the other; its clock moves by what is slept. */
function receiving(answers: (number | undefined)[]) {
  const slept: number[] = [];
  let ms = 0;
  const receive = createReceiver(async () => answers.shift(), {
    sleep: async (time) => {
      slept.push(time);
      ms += time;
    },
    now: () => new Date(ms),
  });
  return { receive, slept, pass: (time: number) => (ms += time), left: answers };
}

test.each([
  { what: 'taken at once', answers: [202], result: { delivered: true, attempts: 1 }, slept: [] },
  { what: 'taken after a throttle', answers: [429, 200], result: { delivered: true, attempts: 2 }, slept: [5000] },
  {
    what: 'no connection, then taken',
    answers: [undefined, 503, 202],
    result: { delivered: true, attempts: 3 },
    slept: [5000, 20_000],
  },
  { what: 'refused for good', answers: [400], result: { delivered: false, attempts: 1 }, slept: [] },
  { what: 'an error that is not tried again', answers: [500], result: { delivered: false, attempts: 1 }, slept: [] },
  {
    what: 'down',
    answers: [503, 503, 504, 408, 429, 503],
    result: { delivered: false, attempts: 6 },
    slept: [5000, 20_000, 5000, 40_000, 5000],
  },
])('$what', async ({ answers, result, slept: expected }) => {
  const { receive, slept } = receiving([...answers]);
  expect(await receive({})).toEqual(result);
  expect(slept).toEqual(expected);
});

test('an endpoint that was down is left alone for a quarter of an hour', async () => {
  const { receive, pass } = receiving([503, 503, 503, 503, 503, 503, 202]);
  await receive({});
  pass(14 * 60_000);
  expect(await receive({})).toEqual({ delivered: false, attempts: 0 });
  pass(60_000);
  expect(await receive({})).toEqual({ delivered: true, attempts: 1 });
});
