import { type HttpClient, RestError } from '@azure/core-rest-pipeline';
import type { FaultEffect } from '../../../simulator/faults.ts';
import { deadlineIn, SEND_FOR_MS } from '../../../src/deadline.ts';
import { type Cell, type Fault, played } from '../cell.ts';
import type { Wrapping } from '../lab.ts';
import { watched } from '../steps.ts';

const AREA = 'Rows on their way';
const ROWS = { service: 'ingestion' };

function refused(name: string, effect: FaultEffect, fault: Partial<Fault> = {}): Cell {
  return { area: AREA, name, run: () => played({ rules: [{ match: ROWS, effect }], ...fault }) };
}

/** The rows arrive, and the answer that says so does not: whoever sent them sends them again. */
function unheard(inner: HttpClient): HttpClient {
  let odd = true;
  return {
    async sendRequest(request) {
      const response = await inner.sendRequest(request);
      odd = !odd;
      if (!request.url.includes('.ingest.') || odd) return response;
      throw new RestError('read ECONNRESET', { code: 'ECONNRESET', request });
    },
  };
}

const MINUTE_MS = 60_000;
/** host.json: whoever works for longer is killed. */
const KILLED_MS = 30 * MINUTE_MS;

/** A batch of rows takes seven minutes, of which a shard has five; nothing else takes any. */
function slow(): Wrapping {
  let spent = 0;
  const before = (): void => {
    if (spent > KILLED_MS) throw new Error('killed');
  };
  const steps = watched({ before });
  const http = (inner: HttpClient): HttpClient => ({
    async sendRequest(request) {
      if (request.url.includes('.ingest.')) spent += 7 * MINUTE_MS;
      before();
      return inner.sendRequest(request);
    },
  });
  const connection = { sendDeadline: deadlineIn(SEND_FOR_MS, () => spent) };
  return { ...steps, http, connection, spentMs: () => spent };
}

/** Rows that are set aside are not sent again: somebody has to look at them. */
const ASIDE = 'no more than two days, since its row was set aside: alerts look no further back';

export const INGESTION: Cell[] = [
  ...[400, 413].map((status) => ({
    ...refused(`${status}: refused for good`, { kind: 'status', status }),
    remains: ASIDE,
  })),
  refused('403: the role on the data collection rule is gone', {
    kind: 'status',
    status: 403,
    code: 'OperationFailed',
  }),
  refused('404: the data collection rule is gone', { kind: 'status', status: 404, code: 'NotFound' }),
  refused('429, at once again', { kind: 'status', status: 429, retryAfter: '0' }),
  refused('429, in an hour again', { kind: 'status', status: 429, retryAfter: '3600' }),
  refused('500', { kind: 'status', status: 500 }),
  refused('503, in an hour again', { kind: 'status', status: 503, retryAfter: '3600' }),
  refused('reset', { kind: 'reset' }),
  refused('no answer at all', { kind: 'hang' }, { wrapping: () => ({ connection: { requestTimeoutMs: 250 } }) }),
  {
    area: AREA,
    name: 'every second batch is refused',
    run: () => {
      let sent = 0;
      return played({
        wrapping: () => ({
          send: (inner) => async (batch) => (sent++ % 2 === 0 ? { reason: '503: busy', final: false } : inner(batch)),
        }),
      });
    },
  },
  {
    area: AREA,
    name: 'each batch is taken, but so slowly that a function has no time for all of them',
    run: () => played({ wrapping: slow }),
  },
  {
    area: AREA,
    name: 'accepted, and nobody hears of it: the same rows twice',
    run: () => played({ wrapping: () => ({ http: unheard }) }),
  },
  refused(
    'refused, and the spool is delivered in the wrong order',
    { kind: 'status', status: 500 },
    {
      isLong: true,
      drive: async (lab) => {
        await lab.hour(1);
        // The next sweep arrives while the rows of this one still wait.
        lab.simulator.faults.clear();
        const plan = await lab.plan(2);
        if (!plan) throw new Error('there is no plan of the second hour');
        for (const { subscriptionId } of plan.subscriptions) await lab.work(plan.sweepId, subscriptionId);
      },
    },
  ),
];
