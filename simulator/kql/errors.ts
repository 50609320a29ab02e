import type { Syntax } from './syntax.ts';

/** Where in the query text: line and column start at 1, `start` and `length` count characters from 0. */
export interface Position {
  start: number;
  length: number;
  line: number;
  column: number;
}

/** Line and column of the character at `start`. */
export function positionAt(text: string, start: number, length: number): Position {
  const before = text.slice(0, start);
  const line = before.split('\n').length;
  return { start, length, line, column: start - before.lastIndexOf('\n') };
}

/** The query is wrong, or its data is: Azure would refuse it too. */
export class KqlError extends Error {
  override name = 'KqlError';
  readonly position: Position | undefined;

  constructor(message: string, position?: Position) {
    super(position ? `${message} (line ${position.line}, column ${position.column})` : message);
    this.position = position;
  }
}

/** Azure knows it, this interpreter does not: refused instead of guessed. */
export class KqlUnsupportedError extends KqlError {
  override name = 'KqlUnsupportedError';
  readonly construct: string;

  constructor(construct: string, position?: Position) {
    super(`unsupported: ${construct}`, position);
    this.construct = construct;
  }
}

/** An error raised while rows were computed, with the place of the construct that raised it. */
export function placedAt(node: Syntax, error: unknown): unknown {
  if (!(error instanceof KqlError) || error.position) return error;
  if (error instanceof KqlUnsupportedError) return new KqlUnsupportedError(error.construct, node.position());
  return new KqlError(error.message, node.position());
}

/** An error at a node of the syntax tree. */
export function errorAt(node: Syntax, message: string): KqlError {
  return new KqlError(message, node.position());
}

/** A refusal at a node of the syntax tree. */
export function unsupportedAt(node: Syntax, construct: string): KqlUnsupportedError {
  return new KqlUnsupportedError(construct, node.position());
}
