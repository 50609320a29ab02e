import type { Instant, RoleAssignmentMode, Sku } from './estate.ts';
import type { ExpectedPosture, Posture, PostureField } from './posture.ts';

/** What is watched for changes: the posture, and what shifts its meaning without being drift. */
export interface Settings extends Posture {
  roleAssignmentMode: RoleAssignmentMode;
  sku: Sku;
}

export type SettingsField = PostureField | 'roleAssignmentMode' | 'sku';

export type ActorType = 'User' | 'Application' | 'System' | 'unknown';

/** Who did something, with what. */
interface Actor {
  /** address of a person, id or name of an application, or `unknown` */
  changedBy: string;
  changedByType: ActorType;
  client: string;
  operation: string;
  correlationId: string;
}

/** The fields as Azure names them in a change record: `exposure` is made of three of them. */
export type WireField = Exclude<SettingsField, 'exposure'> | 'publicNetworkAccess' | 'defaultAction';

/** One thing that a record says was set; values are texts, lists of networks for IP rules. */
export interface RecordedValue {
  field: WireField;
  before: string | string[] | null;
  after: string | string[] | null;
}

/** What Azure remembers of one write to a registry or a token of it. */
export interface RecordedChange extends Actor {
  resourceId: string;
  changedAt: Instant;
  source: 'resource-graph' | 'activity-log';
  /** the registry was made by it: what it set was never otherwise */
  creation: boolean;
  /** undefined: the record does not say what was set */
  values?: RecordedValue[];
}

/**
 * Where the who and the when come from: `observed` is our own comparison of two sweeps, behind which no record was
 * found; `role-assignment` is what an assignment says of itself; `baseline` is somebody who accepted a posture, `policy`
 * a new line in the policy.
 */
type ChangeSource = RecordedChange['source'] | 'observed' | 'role-assignment' | 'baseline' | 'policy';

/** One changed field, or something given: a row of AcrWardenChanges_CL. */
export interface PostureChange extends Actor {
  /** the same from sweep to sweep, also when the actor becomes known later */
  changeId: string;
  /** where: a registry; for what holds at several, the scope; for what the policy says, its name or pattern */
  registryId: string;
  property: string;
  before: unknown;
  after: unknown;
  /** absent: nothing is expected of this field */
  expected?: unknown;
  /** absent: nobody knows */
  changedAt?: Instant;
  source: ChangeSource;
  /** of an observed one: the sweeps on either side of it */
  between?: { from: Instant; to: Instant };
}

/** What a change opened and is open still: networks, or steps of the exposure. */
export interface Opening extends Pick<PostureChange, 'changeId' | 'changedBy' | 'client' | 'changedAt' | 'between'> {
  opened: string[];
}

/** The two fields that are opened and closed a part at a time: whoever changed one last need not have opened it. */
export interface Openings {
  exposure?: Opening[];
  ipRules?: Opening[];
}

/** A registry as the last sweep saw it. */
export interface Snapshot {
  registryId: string;
  /** of one that the last sweep could not read: the sweep that saw it so */
  seenAt?: Instant;
  createdOn?: Instant;
  settings: Settings;
  /** ids of the recorded changes that were written, for as long as Azure keeps the records */
  told?: string[];
  /** the newest change of each field, as far as it is known */
  lastChanges: { [F in SettingsField]?: PostureChange };
  /** absent: nothing is open that anybody is seen to have opened */
  openings?: Openings;
  /** what that sweep expected, by its policy and its baseline */
  expected: ExpectedPosture;
  /** whether each token was enabled, by name; absent: they could not be read */
  tokens?: Record<string, boolean>;
  /** when each token was made, as far as Azure says; earlier versions did not keep it */
  tokensMade?: Record<string, Instant>;
  /** of tokens that were not read when the rest was: the sweep that read them */
  tokensAt?: Instant;
  /** what happened to tokens, and nobody is known to have done */
  unexplained?: PostureChange[];
  /** when the acceptance was given that this sweep knew of */
  acceptedAt?: Instant;
}
