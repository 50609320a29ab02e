#!/usr/bin/env node
import { Command } from 'commander';
import { messages } from '../causes.ts';
import { PolicyError } from '../policy.ts';
import { VERSION } from '../version.ts';
import { accessCommand } from './access.ts';
import { alertsCommand } from './alerts.ts';
import { baselineCommand } from './baseline.ts';
import { checksCommand } from './checks.ts';
import { demoCommand } from './demo.ts';
import { initCommand } from './init.ts';
import { policyCommand } from './policy.ts';
import { preflightCommand } from './preflight.ts';
import { reportCommand } from './report.ts';
import { simulateCommand } from './simulate.ts';
import { sweepCommand } from './sweep.ts';

const program = new Command('acr-warden')
  .description('Audits Azure Container Registry before it locks its clients out or opens itself to the world.')
  .version(VERSION)
  .showHelpAfterError('(acr-warden --help shows what there is)')
  .addCommand(demoCommand())
  .addCommand(sweepCommand())
  .addCommand(checksCommand())
  .addCommand(accessCommand())
  .addCommand(initCommand())
  .addCommand(policyCommand())
  .addCommand(preflightCommand())
  .addCommand(reportCommand())
  .addCommand(alertsCommand())
  .addCommand(baselineCommand())
  .addCommand(simulateCommand());

try {
  await program.parseAsync();
} catch (error) {
  // All mistakes of a policy are told at once.
  const what = error instanceof PolicyError ? error.message : messages(error);
  process.stderr.write(`acr-warden: ${what}\n`);
  process.exitCode = 1;
}
