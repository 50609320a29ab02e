import { describe, expect, test } from 'vitest';
import { benchCommand, type Flags } from '../../bench/flags.ts';
import { measured } from './builders.ts';

interface Parsed {
  flags?: Flags;
  said: string;
}

async function parsed(...args: string[]): Promise<Parsed> {
  const result: Parsed = { said: '' };
  const command = benchCommand(async (flags) => {
    result.flags = flags;
  });
  command.exitOverride().configureOutput({
    writeErr: (text) => {
      result.said += text;
    },
  });
  await command.parseAsync(args, { from: 'user' }).catch(() => undefined);
  return result;
}

test('without flags: 1,000 registries, and as many alert rules as are deployed', async () => {
  expect(await parsed()).toEqual({
    flags: {
      measured: measured({ sweeps: 3 }),
      prices: { perGb: 2.3, perRule: 0.5, rules: 10, sweepsPerDay: 24 },
      scale: false,
      cold: false,
      floor: false,
      format: 'table',
    },
    said: '',
  });
});

test.each<[string[], Partial<Flags['measured']>]>([
  [
    ['--registries', '10000', '--subscriptions', '200', '--latency', '0'],
    { registries: 10_000, subscriptions: 200, latencyMs: 0 },
  ],
  [['--memory', '512'], { memory: '512' }],
  [['--registries', '60'], { registries: 60, subscriptions: 2 }],
  [['--scale'], { registries: 10_000, subscriptions: 200 }],
  [['--scale', '--registries', '400'], { registries: 400, subscriptions: 8 }],
])('%j', async (args, change) => {
  const { flags, said } = await parsed(...args);
  expect({ measured: flags?.measured, said }).toEqual({ measured: measured({ sweeps: 3, ...change }), said: '' });
});

describe('refused', () => {
  test.each([
    [['--registries', '0'], "option '--registries <n>' argument '0' is invalid. It must be a whole number, 1 or more."],
    [['--subscriptions', '1.5'], 'It must be a whole number, 1 or more.'],
    [['--latency', 'fast'], 'It must be a number, 0 or more.'],
    [['--price-per-gb', '-1'], 'It must be a number, 0 or more.'],
    [['--sweeps', '1'], 'It must be 2 or more'],
    [['--registries', '10', '--subscriptions', '11'], '10 registries cannot be spread over 11 subscriptions'],
    [['--scale', '--subscriptions', '3'], "option '--scale' cannot be used with option '--subscriptions <n>'"],
    [['--floor', '--scale'], "option '--floor' cannot be used with option '--scale'"],
    [['--faults', 'flood'], 'there is no effect in it'],
    [['--memory', '1024'], 'Allowed choices are 512, 2048, 4096.'],
    [['--format', 'yaml'], 'Allowed choices are table, json.'],
  ])('%j', async (args, why) => {
    expect(await parsed(...args)).toEqual({ said: expect.stringContaining(why) });
  });
});
