/** `wrong`: known, and to be mended; `unknown`: no answer that says; `not-tested`: nothing to test, and why. */
export type Verdict = 'ok' | 'wrong' | 'unknown' | 'not-tested';

type Area =
  | 'settings'
  | 'policy'
  | 'azure'
  | 'graph'
  | 'vault'
  | 'ingestion'
  | 'workspace'
  | 'state'
  | 'clock'
  | 'version';

/** One thing that was looked at before anything depends on it. */
export interface Examined {
  area: Area;
  /** an ARM scope, an address, the name of a setting */
  scope: string;
  /** what people call it */
  what: string;
  verdict: Verdict;
  /** one sentence */
  detail: string;
  /** the permission that was tested, spelled as in the sources: `graph:…`, `vault:…`, an Azure action */
  permission?: string;
  /** ids of the checks that see nothing without it */
  blinds?: string[];
  /** the command, or the step, that mends it */
  fix?: string;
}

/** The identity that is examined, as commands name it. */
export function named(principalId: string | undefined): string {
  return principalId ?? '<object id of this identity>';
}
