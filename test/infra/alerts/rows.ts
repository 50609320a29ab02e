import { type Step, time } from './story.ts';

type Row = Record<string, unknown>;

/** The row of a finding in the sweep of a story time; everything but its id has a default. */
export function finding(id: string, sweptAt: string, change: Row = {}): Row {
  return {
    ...stamp(sweptAt),
    FindingId: id,
    CheckId: 'admin-account-enabled',
    Category: 'access',
    Severity: 'critical',
    SeverityRank: 4,
    Status: 'ongoing',
    StatusReason: '',
    Muted: false,
    FindingTitle: 'Title',
    RegistryName: 'shop',
    Subject: '',
    ExpiresOn: null,
    Owners: '',
    ...change,
  };
}

/** The row of a closed sweep; `missing` names the shards that did not report. */
export function closed(sweptAt: string, change: Row & { missing?: string[] } = {}): Row {
  const { missing = [], ...rest } = change;
  const gaps = missing.map((scope) => ({ source: 'shard', scope, code: 'NotReported', reason: 'did not report' }));
  return {
    ...stamp(sweptAt),
    RowKind: 'closed',
    Shard: '',
    FinishedAt: time(sweptAt),
    Outcome: missing.length > 0 ? 'partial' : 'complete',
    Planned: 3,
    Reported: 3 - missing.length,
    RegistriesSeen: 20,
    RegistriesDeleted: 0,
    GapCount: gaps.length,
    Gaps: gaps,
    RowsUndelivered: 0,
    RowsDropped: 0,
    ...rest,
  };
}

/** The row of a shard's sweep. */
export function shard(name: string, sweptAt: string, change: Row = {}): Row {
  return {
    ...stamp(sweptAt),
    RowKind: 'shard',
    Shard: name,
    FinishedAt: time(sweptAt),
    Outcome: 'complete',
    RegistriesSeen: 10,
    RegistriesDeleted: 0,
    GapCount: 0,
    Gaps: [],
    RowsUndelivered: 0,
    RowsDropped: 0,
    ...change,
  };
}

function stamp(sweptAt: string): Row {
  const at = time(sweptAt);
  return { TimeGenerated: at, SweptAt: at, SweepId: at.replace(/[-:]|\.000/g, ''), Environment: 'prod' };
}

/** A login as a registry logs it. */
export function login(at: string, change: Row = {}): Row {
  return {
    TimeGenerated: time(at),
    OperationName: 'Login',
    LoginServer: 'shop.azurecr.io',
    Identity: 'ci',
    ResultType: 'HttpStatusCode',
    ResultDescription: '200',
    ...change,
  };
}

export function findings(at: string, ...rows: Row[]): Step {
  return { at, rows: { AcrWardenFindings_CL: rows } };
}

export function sweeps(at: string, ...rows: Row[]): Step {
  return { at, rows: { AcrWardenSweeps_CL: rows } };
}
