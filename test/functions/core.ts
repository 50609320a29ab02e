/**
 * Stands for `@azure/functions-core`, the module that only the Functions host's worker has: it takes what
 * `@azure/functions` registers, with the bindings that function.json would hold.
 */
export type Metadata = { name: string; bindings: Record<string, Binding> };
export type Binding = { type: string; direction: 'in' | 'out' };

export type Callback = (...inputs: unknown[]) => unknown;

/** The library's own conversions of one invocation. */
export interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<Response>;
}

export interface Response {
  outputData?: { name: string; data: TypedData }[];
  returnValue?: TypedData | null;
}

/** How the host hands data over: `{ string: text }`, `{ json: text }`, `{ http: request }`. */
export type TypedData = Record<string, unknown>;

interface ProgrammingModel {
  getInvocationModel(invocation: object): InvocationModel;
}

export const version = '4.13.0';
export const hostVersion = '4.1037.0';
export const registered = new Map<string, { metadata: Metadata; callback: Callback }>();

let model: ProgrammingModel | undefined;

export class Disposable {
  dispose(): void {}
}

export function setProgrammingModel(set: ProgrammingModel): void {
  model = set;
}

export function getProgrammingModel(): ProgrammingModel {
  if (!model) throw new Error('@azure/functions has not set its programming model');
  return model;
}

export function registerFunction(metadata: Metadata, callback: Callback): Disposable {
  registered.set(metadata.name, { metadata, callback });
  return new Disposable();
}

export function registerHook(): Disposable {
  return new Disposable();
}

export function log(): void {}
