import { Command, InvalidArgumentError, Option } from 'commander';
import { deployedAlerts, parseFaults } from '../simulator/index.ts';
import type { Prices } from './cost.ts';
import { INSTANCE_SIZES, type InstanceSize } from './instance.ts';
import type { Measured } from './measure.ts';

/** What the benchmark is asked to do. */
export interface Flags {
  measured: Measured;
  prices: Prices;
  /** doublings up to this many registries, rather than one tenant */
  scale: boolean;
  /** how fast the functions load, rather than a tenant */
  cold: boolean;
  /** a steady sweep beside its requests alone, rather than what sweeps cost */
  floor: boolean;
  format: 'table' | 'json';
}

/** A usual subscription of a large tenant. */
export const REGISTRIES_A_SUBSCRIPTION = 50;

/**
 * List prices of Azure Monitor in the United States, in USD, as the defaults of flags: Analytics Logs pay-as-you-go, and
 * a log search alert rule that is evaluated every 15 minutes. From its price page as it is quoted, not read from Azure:
 * whoever pays knows better.
 */
const LIST_PRICES = { perGb: 2.3, perRule: 0.5 };

/** The command of the benchmark; flags that are wrong are told as commander tells them. */
export function benchCommand(run: (flags: Flags) => Promise<void>): Command {
  return new Command('bench')
    .description('what a sweep of a tenant of this size costs, against the least that Azure allows')
    .option('--registries <n>', 'in all; with --scale the most (default: 1,000; with --scale 10,000)', whole)
    .option('--subscriptions <n>', `they are spread over (default: one for ${REGISTRIES_A_SUBSCRIPTION})`, whole)
    .option('--latency <ms>', 'of every answer', amount, 40)
    .option('--sweeps <n>', 'the first, then steady ones, an hour apart', atLeastTwo, 3)
    .option('--clock <n>', 'quotas and latency so many times as fast as they are', whole, 1)
    .addOption(
      new Option('--memory <MB>', 'of the instance: Node bounds its heap by it')
        .choices(INSTANCE_SIZES)
        .default('2048'),
    )
    .option('--faults <spec>', 'as of acr-warden simulate', faultsOf, '')
    .option('--price-per-gb <amount>', 'of ingestion', amount, LIST_PRICES.perGb)
    .option('--price-per-rule <amount>', 'of an alert rule, a month', amount, LIST_PRICES.perRule)
    .option('--rules <n>', 'log search alert rules', whole, deployedAlerts().rules.length)
    .option('--sweeps-per-day <n>', 'for what a month costs', whole, 24)
    .addOption(new Option('--scale', 'doubles from 100 registries').conflicts(['subscriptions', 'cold']))
    .option('--cold', 'how fast the functions load, bundled and unbundled')
    .addOption(
      new Option('--floor', 'processor time of a sweep beside that of its requests alone').conflicts(['scale', 'cold']),
    )
    .addOption(new Option('--format <format>', 'how it is printed').choices(['table', 'json']).default('table'))
    .action(async (given: Given, command: Command) => {
      const { scale = false, cold = false, floor = false, format } = given;
      const registries = given.registries ?? (scale ? 10_000 : 1000);
      const subscriptions = given.subscriptions ?? subscriptionsOf(registries);
      if (subscriptions > registries) {
        command.error(`error: ${registries} registries cannot be spread over ${subscriptions} subscriptions`);
      }
      const { latency: latencyMs, clock, sweeps, memory, faults, rules, sweepsPerDay } = given;
      const measured = { registries, subscriptions, latencyMs, clock, sweeps, faults, memory };
      const prices = { perGb: given.pricePerGb, perRule: given.pricePerRule, rules, sweepsPerDay };
      await run({ measured, prices, scale, cold, floor, format });
    });
}

/** How many subscriptions a tenant of this size has here. */
export function subscriptionsOf(registries: number): number {
  return Math.ceil(registries / REGISTRIES_A_SUBSCRIPTION);
}

/** As commander gives them. */
interface Given {
  registries?: number;
  subscriptions?: number;
  latency: number;
  sweeps: number;
  clock: number;
  memory: InstanceSize;
  faults: string;
  pricePerGb: number;
  pricePerRule: number;
  rules: number;
  sweepsPerDay: number;
  scale?: boolean;
  cold?: boolean;
  floor?: boolean;
  format: Flags['format'];
}

function whole(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}

function atLeastTwo(text: string): number {
  if (whole(text) < 2) throw new InvalidArgumentError('It must be 2 or more: a month is computed from steady sweeps.');
  return Number(text);
}

function amount(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It must be a number, 0 or more.');
  return Number(text);
}

/** The text itself: the simulator's process reads it again. */
function faultsOf(text: string): string {
  try {
    parseFaults(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
  return text;
}
