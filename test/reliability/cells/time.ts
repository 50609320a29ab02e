import type { HttpClient } from '@azure/core-rest-pipeline';
import { type Cell, played } from '../cell.ts';
import type { Lab } from '../lab.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const TOMORROW = '2026-11-25T06:30:00.000Z';

/** Azure's answers tell its time, as the simulator's do not. */
function dated(lab: Lab): (inner: HttpClient) => HttpClient {
  return (inner) => ({
    async sendRequest(request) {
      const response = await inner.sendRequest(request);
      response.headers.set('date', lab.simulator.now().toUTCString());
      return response;
    },
  });
}

function skewed(name: string, skewMs: number): Cell {
  const drive = async (lab: Lab): Promise<void> => {
    lab.wrapping = () => ({ skewMs, http: dated(lab) });
    await lab.hour(1);
  };
  return { area: 'Clocks', name, run: () => played({ skewMs, drive }) };
}

export const CLOCKS: Cell[] = [
  skewed('a day ahead', DAY_MS),
  skewed('a day behind', -DAY_MS),
  skewed('four minutes ahead', 4 * MINUTE_MS),
  skewed('four minutes behind', -4 * MINUTE_MS),
  {
    area: 'Clocks',
    name: 'somebody has swept a day ahead, and the clock is right again',
    run: () =>
      played({
        drive: async (lab) => {
          const state = await lab.snapshot();
          for (const [name, text] of state.state) {
            if (!name.startsWith('shards/')) continue;
            await lab.store.write(
              name,
              JSON.stringify({ ...JSON.parse(text), sweepId: '20261125T063000Z', sweptAt: TOMORROW }),
            );
          }
          await lab.hour(1);
          for (const [name, text] of state.state) if (name.startsWith('shards/')) await lab.store.write(name, text);
        },
      }),
  },
];
