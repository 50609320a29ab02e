import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that is tested. */
export const infra = join(import.meta.dirname, '..', '..', 'infra');

/** A value of a template: JSON, whose texts may be expressions. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A resource as a template declares it, and the names of the modules it stands in. */
export type Declared = { module: string; symbol: string; type: string; resource: { [key: string]: Json } };

/** Narrows a value to an object. Throws, saying where, when it is none. */
export function object(value: Json | undefined, where: string): { [key: string]: Json } {
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Error(`${where} is not an object`);
  }
  return value;
}

/** Narrows a value to a list. Throws, saying where, when it is none. */
export function list(value: Json | undefined, where: string): Json[] {
  if (!Array.isArray(value)) throw new Error(`${where} is not a list`);
  return value;
}

/** A JSON file under `infra`. */
export function readJson(path: string): Json {
  return JSON.parse(readFileSync(join(infra, path), 'utf8'));
}

/** The compiled template. */
export function readTemplate(): { [key: string]: Json } {
  return object(readJson('main.json'), 'main.json');
}

/** The template of one module of the compiled template. */
export function moduleTemplate(symbol: string): { [key: string]: Json } {
  const resources = object(readTemplate().resources, 'resources');
  const properties = object(object(resources[symbol], symbol).properties, `${symbol}.properties`);
  return object(properties.template, `${symbol}.template`);
}

/** Every resource that is created, in every module; what only refers to an existing one is left out. */
export function declaredResources(template = readTemplate(), module = 'main'): Declared[] {
  const declared: Declared[] = [];
  for (const [symbol, value] of Object.entries(object(template.resources, `resources of ${module}`))) {
    const resource = object(value, symbol);
    if (resource.existing === true) continue;
    const type = String(resource.type);
    declared.push({ module, symbol, type, resource });
    if (type === 'Microsoft.Resources/deployments') {
      const nested = object(object(resource.properties, symbol).template, symbol);
      declared.push(...declaredResources(nested, symbol));
    }
  }
  return declared;
}
