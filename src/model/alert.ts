/** What a call of an action group tells us, cut down to identifiers: everything else is read from the workspace. */
export interface AlertCall {
  alertId: string;
  rule: string;
  condition: 'Fired' | 'Resolved';
  /** `Sev0` to `Sev4` */
  severity: string;
  /** when Azure says that it fired or was resolved, UTC ISO */
  at: string;
  /** what the rule split its result by: `FindingId`, `RegistryName`, `Shard`, … */
  dimensions: Record<string, string>;
  /** the registry that an alert on a metric or on the activity log is about */
  registryName?: string;
  /** who did it, as an alert on the activity log says */
  caller?: string;
}

/** An alert with all that the workspace knows about it. */
export interface Incident {
  call: AlertCall;
  title: string;
  /** what is wrong, in one sentence */
  summary: string;
  /** the newest row of the finding that the alert is about, or that may be behind it */
  finding?: WorkspaceRow;
  /** the registry that the alert is about, where it is not about a finding */
  registryName?: string;
  /** the alert has ended and nothing says why: no row tells what has become of what it was about */
  endsUnseen?: true;
  /** other open findings of the same registry, worst first, and then of the same principal */
  related: WorkspaceRow[];
  /** how many more of them there are */
  unlisted?: number;
  /** what is wrong there too, and silenced by exceptions; worst first */
  muted?: WorkspaceRow[];
  /** how many more of that there are */
  unlistedMuted?: number;
  /** why something may be open there that nobody has seen */
  unread?: string[];
  /** the command that mends it */
  fix: string;
  likelyCause: string;
  confidence: 'certain' | 'likely' | 'unknown';
  links: { title: string; url: string }[];
}

/** A row as the query API gives it. */
export type WorkspaceRow = Record<string, unknown>;
