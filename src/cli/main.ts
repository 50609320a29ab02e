#!/usr/bin/env node
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { checksCommand } from './checks.ts';
import { demoCommand } from './demo.ts';
import { messages } from './render/terminal.ts';
import { simulateCommand } from './simulate.ts';
import { sweepCommand } from './sweep.ts';

const program = new Command('acr-warden')
  .description('Audits Azure Container Registry before it locks its clients out or opens itself to the world.')
  .version(VERSION)
  .showHelpAfterError('(acr-warden --help shows what there is)')
  .addCommand(demoCommand())
  .addCommand(sweepCommand())
  .addCommand(checksCommand())
  .addCommand(simulateCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`acr-warden: ${messages(error)}\n`);
  process.exitCode = 1;
}
