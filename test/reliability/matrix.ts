import type { Cell } from './cell.ts';
import { REFUSALS, STORMS } from './cells/answers.ts';
import { CONFLICTS } from './cells/conflicts.ts';
import { CONNECTION } from './cells/connection.ts';
import { DEADLINE } from './cells/deadline.ts';
import { DISK } from './cells/disk.ts';
import { IDENTITY } from './cells/identity.ts';
import { INGESTION } from './cells/ingestion.ts';
import { KILLED } from './cells/killed.ts';
import { MESSAGES } from './cells/messages.ts';
import { PARTS } from './cells/parts.ts';
import { SPOOL } from './cells/spool.ts';
import { STATE } from './cells/state.ts';
import { CLOCKS } from './cells/time.ts';

/** Every fault that is tried, by area. */
export const MATRIX: Cell[] = [
  ...KILLED,
  ...REFUSALS,
  ...STORMS,
  ...CONNECTION,
  ...IDENTITY,
  ...INGESTION,
  ...SPOOL,
  ...STATE,
  ...CONFLICTS,
  ...CLOCKS,
  ...MESSAGES,
  ...PARTS,
  ...DEADLINE,
  ...DISK,
];
