import { table } from 'table';
import { boundOf } from './bound.ts';
import { COLD_RUNS, measureColdStart } from './coldStart.ts';
import { coldTable } from './coldTable.ts';
import { FIGURES, sweepTable } from './columns.ts';
import { costsOf } from './cost.ts';
import { costTable } from './costTable.ts';
import type { SweepFigures } from './figures.ts';
import { benchCommand, type Flags } from './flags.ts';
import { floorTable } from './floorTable.ts';
import { growthOf, growthTable } from './growth.ts';
import { type Measured, measure, measureFloor } from './measure.ts';
import { ends, measureScale } from './scale.ts';

await benchCommand(async (flags) => {
  if (flags.cold) return print(flags, await cold());
  if (flags.floor) return print(flags, await floor(flags));
  return print(flags, flags.scale ? await scale(flags) : await one(flags));
}).parseAsync();

interface Printed {
  json: unknown;
  tables: string[][][];
}

async function one({ measured, prices }: Flags): Promise<Printed> {
  const sweeps = await measure(measured);
  return {
    json: {
      measured,
      sweeps: sweeps.map((figures) => named(figures, measured)),
      prices,
      cost: costsOf(sweeps, prices),
    },
    tables: [
      sweepTable(sweeps.map((figures) => ({ figures, conditions: measured }))),
      costTable(costsOf(sweeps, prices)),
    ],
  };
}

async function scale({ measured, prices }: Flags): Promise<Printed> {
  const runs = await measureScale(measured);
  const all = runs.flatMap(({ measured: conditions, sweeps }) => sweeps.map((figures) => ({ figures, conditions })));
  const [first, steady] = [ends(runs, 'first'), ends(runs, 'steady')];
  return {
    json: {
      runs: runs.map(({ measured: conditions, sweeps }) => ({
        measured: conditions,
        sweeps: sweeps.map((figures) => named(figures, conditions)),
        cost: costsOf(sweeps, prices),
      })),
      prices,
      growth: { first: growthOf(...first, measured), steady: growthOf(...steady, measured) },
    },
    tables: [sweepTable(all), growthTable(...first, measured), growthTable(...steady, measured)],
  };
}

async function cold(): Promise<Printed> {
  const measured = await measureColdStart(COLD_RUNS);
  return { json: measured, tables: [coldTable(measured)] };
}

async function floor({ measured }: Flags): Promise<Printed> {
  const floor = await measureFloor(measured);
  return { json: { measured, floor }, tables: [floorTable(floor)] };
}

/** With what is computed of them. */
function named(figures: SweepFigures, conditions: Measured): object {
  const computed = FIGURES.map(({ name, of }) => [name, of(figures, conditions)]);
  return { ...figures, boundBy: boundOf(figures, conditions).by, figures: Object.fromEntries(computed) };
}

function print({ format }: Flags, { json, tables }: Printed): void {
  const options = { drawHorizontalLine: (line: number) => line === 1, drawVerticalLine: () => false };
  const text = tables.map((rows) => table(rows, options)).join('\n');
  process.stdout.write(format === 'json' ? `${JSON.stringify(json, null, 2)}\n` : text);
}
