/**
 * What the Functions worker does, as a process of plain Node: `node test/functions/worker.ts <bundle's folder>` loads
 * every function of the bundle, tells its parent what was registered, and invokes what it is told to.
 */
import { readdir } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getProgrammingModel, registered, type TypedData } from './core.ts';
import { type Answer, readOrder } from './messages.ts';

const CORE = new URL('./core.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@azure/functions-core' ? { url: CORE, shortCircuit: true } : next(specifier, context),
});

const folder = join(process.argv[2] ?? '', 'src', 'functions');
for (const name of (await readdir(folder)).filter((one) => one.endsWith('.js'))) {
  await import(pathToFileURL(join(folder, name)).href);
}

process.on('message', (message) => {
  const { id, name, data, delivery = 1 } = readOrder(message);
  invoke(id, name, data, delivery).then(tell, (error: unknown) => tell({ id, error: String(error), logs: [] }));
});
tell({ id: 0, registered: [...registered.values()].map(({ metadata }) => metadata), logs: [] });

async function invoke(id: number, name: string, data: TypedData, delivery: number): Promise<Answer> {
  const found = registered.get(name);
  if (!found) throw new Error(`no function ${name} was registered`);
  const { metadata, callback } = found;
  const trigger = Object.entries(metadata.bindings).find(([, { direction }]) => direction === 'in');
  if (!trigger) throw new Error(`function ${name} has no trigger`);
  const invocationId = `00000000-0000-0000-0000-${String(id).padStart(12, '0')}`;
  const request = {
    invocationId,
    functionId: name,
    inputData: [{ name: trigger[0], data }],
    triggerMetadata: { dequeueCount: { json: String(delivery) } },
  };
  const logs: string[] = [];
  const log = (_level: string, _category: string, text: string): void => void logs.push(text);
  const model = getProgrammingModel().getInvocationModel({ invocationId, metadata, request, log });
  try {
    const { context, inputs } = await model.getArguments();
    const result = await model.invokeFunction(context, inputs, callback);
    const { outputData = [], returnValue } = await model.getResponse(context, result);
    return { id, outputs: outputData, ...(returnValue && { returnValue }), logs };
  } catch (error) {
    return { id, error: String(error), logs };
  }
}

function tell(answer: Answer): void {
  process.send?.(answer);
}
