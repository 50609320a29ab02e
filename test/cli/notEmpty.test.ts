import { type Argument, type Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { accessCommand } from '../../src/cli/access.ts';
import { alertsCommand } from '../../src/cli/alerts.ts';
import { baselineCommand } from '../../src/cli/baseline.ts';
import { checksCommand } from '../../src/cli/checks.ts';
import { demoCommand } from '../../src/cli/demo.ts';
import { initCommand } from '../../src/cli/init.ts';
import { policyCommand } from '../../src/cli/policy.ts';
import { preflightCommand } from '../../src/cli/preflight.ts';
import { reportCommand } from '../../src/cli/report.ts';
import { simulateCommand } from '../../src/cli/simulate.ts';
import { sweepCommand } from '../../src/cli/sweep.ts';

const COMMANDS = [
  ...[accessCommand, alertsCommand, checksCommand, demoCommand, initCommand, preflightCommand, reportCommand],
  ...[simulateCommand, sweepCommand],
].map((made) => made());
const BELOW = [baselineCommand(), policyCommand()].flatMap(({ commands }) => commands);

/** What a command takes that has a value: an unset variable of a script makes it empty. */
function takes(command: Command): [string, Option | Argument][] {
  const options = command.options.filter(({ required, optional }) => required || optional);
  return [...options, ...command.registeredArguments].map((one) => [
    `${command.name()} ${one instanceof Option ? one.flags : one.name()}`,
    one,
  ]);
}

/** Says itself what an empty one lacks. */
const OWN_WORDS = /^accept --reason/;

test.each([...COMMANDS, ...BELOW].flatMap(takes).filter(([what]) => !OWN_WORDS.test(what)))(
  '%s takes no empty value for none',
  (_, { parseArg }) => {
    for (const empty of ['', ' ']) expect(() => parseArg?.(empty, undefined) ?? 'taken').toThrow(/^(It must|Allowed)/);
  },
);
