/**
 * Loads every function of an app, as the host's worker does when it starts. Argument: the folder of the functions.
 * Prints how many were registered and how many milliseconds that took.
 */
import { readdirSync } from 'node:fs';
import { Module } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as core from '../test/functions/core.ts';

// As the host's worker supplies this one module.
const original = Module.prototype.require;
Module.prototype.require = function (id: string): unknown {
  return id === '@azure/functions-core' ? core : original.call(this, id);
};

const folder = process.argv[2] ?? '';
const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
const start = performance.now();
for (const name of names.sort()) await import(pathToFileURL(join(folder, name)).href);
const milliseconds = performance.now() - start;
process.stdout.write(JSON.stringify({ milliseconds, registered: core.registered.size }));
process.exit();
