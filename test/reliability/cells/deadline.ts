import { TENANT_SHARD } from '../../../src/model/sweep.ts';
import { SUB } from '../../build.ts';
import { type Cell, merged, type Outcome, played } from '../cell.ts';
import type { Task } from '../lab.ts';
import { enoughFor } from '../steps.ts';

/** Beyond the last read of a shard. */
const READS = 45;

/** The deadline comes before each read of a shard in turn. */
async function beforeEach(shard: Task): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (let reads = 0; reads <= READS; reads += 3) {
    outcomes.push(await played({ wrapping: (task) => (task === shard ? enoughFor(reads) : {}) }));
  }
  return merged(outcomes);
}

function cell(name: string, shard: Task): Cell {
  return { area: 'Time is too short', name, run: () => beforeEach(shard) };
}

export const DEADLINE: Cell[] = [
  cell('for a subscription, sooner or later in its reading', SUB),
  cell('for the tenant, sooner or later in its reading', TENANT_SHARD),
];
