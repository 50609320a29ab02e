#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { messages } from '../causes.ts';
import { VERSION } from '../version.ts';

interface Listed {
  name: string;
  about: string;
  load(): Promise<Command>;
}

/** In the order of the overview. Only the command that is asked for is loaded: all of them take a second. */
const COMMANDS: Listed[] = [
  {
    name: 'demo',
    about: 'the whole loop offline: two sweeps of a simulated estate, the rows in Log Analytics, the alerts they raise',
    load: async () => (await import('./demo.ts')).demoCommand(),
  },
  {
    name: 'sweep',
    about: 'one sweep, with your own Azure login or of a simulated estate',
    load: async () => (await import('./sweep.ts')).sweepCommand(),
  },
  {
    name: 'checks',
    about: 'the catalogue of checks; with an id, one check explained',
    load: async () => (await import('./checks.ts')).checksCommand(),
  },
  {
    name: 'access',
    about: 'who can do what at a registry, through what, with which credential, until when; or what a principal opens',
    load: async () => (await import('./access.ts')).accessCommand(),
  },
  {
    name: 'init',
    about: 'writes a commented warden.yaml from what a first sweep sees',
    load: async () => (await import('./init.ts')).initCommand(),
  },
  {
    name: 'policy',
    about: 'the policy file, warden.yaml',
    load: async () => (await import('./policy.ts')).policyCommand(),
  },
  {
    name: 'preflight',
    about: 'which permissions, settings and services a sweep would find, and the command that mends each',
    load: async () => (await import('./preflight.ts')).preflightCommand(),
  },
  {
    name: 'report',
    about: 'the incident report of a registry by hand, from the rows in Log Analytics',
    load: async () => (await import('./report.ts')).reportCommand(),
  },
  {
    name: 'alerts',
    about: 'which alert rules of infra/main.json would fire over a simulated estate, and when',
    load: async () => (await import('./alerts.ts')).alertsCommand(),
  },
  {
    name: 'baseline',
    about: 'the posture that is expected of registries, and where that comes from',
    load: async () => (await import('./baseline.ts')).baselineCommand(),
  },
  {
    name: 'simulate',
    about: 'a simulated estate as a server on loopback, until Ctrl+C',
    load: async () => (await import('./simulate.ts')).simulateCommand(),
  },
];

/** Of an option with one value that is given twice the first would be ignored in silence. */
function refuseTwice(command: Command): void {
  for (const option of command.options.filter(({ required, variadic }) => required && !variadic)) {
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`error: option '${option.flags}' is given twice; it takes one value`);
      isGiven = true;
    });
  }
  for (const below of command.commands) refuseTwice(below);
}

/** Commander ends the process as soon as it has said something, before anybody knows whether that could be written. */
function endByItself(command: Command): void {
  command.exitOverride();
  for (const below of command.commands) endByItself(below);
}

async function programFor(args: string[]): Promise<Command> {
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const asked = first === 'help' ? second : first;
  const program = new Command('acr-warden')
    .description('Audits Azure Container Registry before it locks its clients out or opens itself to the world.')
    .version(VERSION)
    .showHelpAfterError('(acr-warden --help shows what there is)')
    // Its options are shown by the command itself, which is not loaded.
    .configureHelp({ subcommandTerm: (command) => command.name() });
  for (const { name, about, load } of COMMANDS) {
    program.addCommand((name === asked ? await load() : new Command(name)).description(about));
  }
  refuseTwice(program);
  endByItself(program);
  return program;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads may stop early, as `head` does; the work is done all the same, and the exit code tells how it ended.
  if (error.code === 'EPIPE') return;
  process.stderr.write(`acr-warden: cannot write the output: ${error.message}\n`);
  process.once('exit', () => {
    process.exitCode = 1;
  });
});
// There is nobody left to tell.
process.stderr.on('error', () => undefined);

try {
  const program = await programFor(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    // All mistakes of a file are told at once. By their names: the classes come with whole readers.
    const isOfFile = error instanceof Error && ['PolicyError', 'EstateError'].includes(error.name);
    const what = isOfFile ? error.message : messages(error);
    process.stderr.write(`acr-warden: ${what}\n`);
    process.exitCode = 1;
  }
}
