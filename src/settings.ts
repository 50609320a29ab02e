import * as z from 'zod';
import { CLOUDS } from './azure.ts';
import { isLoopback } from './rewrite.ts';

/** The hours between two sweeps that divide a day evenly, so that the schedule is the same every day. */
const INTERVALS = [1, 2, 3, 4, 6, 12];
const HOURS = `must be one of ${INTERVALS.join(', ')} hours`;

const text = (what: string): z.ZodString => z.string(`is missing: ${what}`).min(1, `is empty: ${what}`);
const address = (what: string) => text(what).refine((value) => URL.canParse(value), `must be an address: ${what}`);
/** The SDK sends no token over plain text, so that nothing would ever be taken there. */
const httpsAddress = (what: string) =>
  text(what).refine(
    (value) => URL.canParse(value) && new URL(value).protocol === 'https:',
    `must be an https address: ${what}`,
  );

/** The app's settings by their names in the environment; infra/modules sets each of them, a test holds that equal. */
const SettingsSchema = z.object({
  ENVIRONMENT_NAME: text('the name of this deployment, as in dev or prod'),
  AZURE_TENANT_ID: z.guid('must be the id of the Microsoft Entra tenant'),
  AZURE_CLIENT_ID: z.guid('must be the client id of the user-assigned managed identity'),
  AZURE_CLOUD: z.enum(Object.keys(CLOUDS), `must be one of ${Object.keys(CLOUDS).join(', ')}`).default('AzureCloud'),
  SWEEP_INTERVAL_HOURS: z.coerce
    .number(HOURS)
    .refine((hours) => INTERVALS.includes(hours), HOURS)
    .default(1),
  DCR_ENDPOINT: httpsAddress('the logs ingestion endpoint of the data collection rule'),
  DCR_RULE_ID: text('the immutable id of the data collection rule, dcr-…'),
  STATE_CONTAINER_URL: address('the blob container that keeps the state'),
  WORKSPACE_ID: z.guid('must be the customer id of the Log Analytics workspace'),
  TEAMS_URL_SECRET: z
    .union([z.literal(''), z.url()], 'must be the address of the Key Vault secret with the Teams workflow, or empty')
    .default(''),
  ALERT_RULES_SCOPE: text('the ids of the resource groups with our alert rules, with commas between them'),
  SIMULATOR_URL: z.string().optional(),
  AZURE_FUNCTIONS_ENVIRONMENT: z.string().optional(),
});

export interface Settings {
  environment: string;
  tenantId: string;
  clientId: string;
  cloud: keyof typeof CLOUDS;
  sweepIntervalHours: number;
  destination: { endpoint: string; ruleId: string };
  stateContainerUrl: string;
  /** the workspace that incidents are put together from */
  workspaceId: string;
  /** address of the Key Vault secret that holds the Teams workflow's address; empty: no Teams */
  teamsUrlSecret: string;
  /** ids of resource groups: alerts of other rules are not believed */
  alertRulesScopes: string[];
  /** only on a developer's machine: a loopback server that stands for Azure */
  simulatorUrl?: string;
}

/** The only reader of the environment. Throws with every problem at once, each naming its setting. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const read = SettingsSchema.safeParse(env);
  const problems = [...problemsOf(read), ...simulatorProblems(env)];
  if (!read.success || problems.length > 0) throw new Error(`settings: ${problems.join('; ')}`);
  const values = read.data;
  return {
    environment: values.ENVIRONMENT_NAME,
    tenantId: values.AZURE_TENANT_ID,
    clientId: values.AZURE_CLIENT_ID,
    cloud: cloudOf(values.AZURE_CLOUD),
    sweepIntervalHours: values.SWEEP_INTERVAL_HOURS,
    destination: { endpoint: values.DCR_ENDPOINT, ruleId: values.DCR_RULE_ID },
    stateContainerUrl: values.STATE_CONTAINER_URL,
    workspaceId: values.WORKSPACE_ID,
    teamsUrlSecret: values.TEAMS_URL_SECRET,
    alertRulesScopes: values.ALERT_RULES_SCOPE.split(',').map((scope) => scope.trim()),
    ...(values.SIMULATOR_URL && { simulatorUrl: values.SIMULATOR_URL }),
  };
}

/** The hours between sweeps alone: a trigger's schedule is needed before anything else is. */
export function readInterval(env: NodeJS.ProcessEnv = process.env): number {
  return some(SettingsSchema.pick({ SWEEP_INTERVAL_HOURS: true }), env).SWEEP_INTERVAL_HOURS;
}

/** Some settings, where the others are not needed. */
function some<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  const read = schema.safeParse(env);
  if (!read.success) throw new Error(`settings: ${problemsOf(read).join('; ')}`);
  return read.data;
}

function problemsOf({ error }: z.ZodSafeParseResult<unknown>): string[] {
  return error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
}

/** A plain-text server takes the place of Azure only on loopback, and in the app only while it is developed. */
function simulatorProblems({ SIMULATOR_URL, AZURE_FUNCTIONS_ENVIRONMENT }: NodeJS.ProcessEnv): string[] {
  if (!SIMULATOR_URL) return [];
  const problems: string[] = [];
  if (AZURE_FUNCTIONS_ENVIRONMENT !== 'Development') {
    problems.push('SIMULATOR_URL may be set only while AZURE_FUNCTIONS_ENVIRONMENT is Development');
  }
  if (!URL.canParse(SIMULATOR_URL) || !isLoopback(SIMULATOR_URL)) {
    problems.push('SIMULATOR_URL must be a loopback address, as in http://127.0.0.1:8080');
  }
  return problems;
}

function cloudOf(name: string): keyof typeof CLOUDS {
  return name === 'AzureUSGovernment' || name === 'AzureChinaCloud' ? name : 'AzureCloud';
}

/** What the command line takes from the environment; everything else are its options. */
export interface CliSettings {
  /** a loopback server that stands for Azure; then the caller's own login is not used */
  simulatorUrl?: string;
  /** that server, or another on loopback, also stands for the managed identity endpoint */
  simulatedIdentity: boolean;
  /** where `--publish` sends rows to */
  destination?: { endpoint: string; ruleId: string };
  /** customer id of the workspace that `report` asks */
  workspaceId?: string;
  environment: string;
  /** the environment whose settings these are; absent: of none */
  deployment?: string;
  tenantId?: string;
  cloud: keyof typeof CLOUDS;
}

/** What is as wrong for a command as for the app, where it is there. */
const CliSchema = SettingsSchema.pick({ AZURE_CLOUD: true, AZURE_TENANT_ID: true, DCR_ENDPOINT: true }).partial({
  AZURE_TENANT_ID: true,
  DCR_ENDPOINT: true,
});

export function readCliSettings(env: NodeJS.ProcessEnv = process.env): CliSettings {
  const { SIMULATOR_URL, IDENTITY_ENDPOINT, DCR_RULE_ID, WORKSPACE_ID, ENVIRONMENT_NAME } = env;
  const { AZURE_CLOUD, AZURE_TENANT_ID, DCR_ENDPOINT } = some(CliSchema, {
    ...env,
    AZURE_TENANT_ID: env.AZURE_TENANT_ID || undefined,
    DCR_ENDPOINT: env.DCR_ENDPOINT || undefined,
  });
  return {
    environment: ENVIRONMENT_NAME ?? 'local',
    simulatedIdentity: IDENTITY_ENDPOINT !== undefined && isLoopback(IDENTITY_ENDPOINT),
    cloud: cloudOf(AZURE_CLOUD),
    ...(ENVIRONMENT_NAME && { deployment: ENVIRONMENT_NAME }),
    ...(SIMULATOR_URL && { simulatorUrl: SIMULATOR_URL }),
    ...(DCR_ENDPOINT && DCR_RULE_ID && { destination: { endpoint: DCR_ENDPOINT, ruleId: DCR_RULE_ID } }),
    ...(WORKSPACE_ID && { workspaceId: WORKSPACE_ID }),
    ...(AZURE_TENANT_ID && { tenantId: AZURE_TENANT_ID }),
  };
}

/** A setting that a command can use and that is not there. */
export interface AbsentSetting {
  name: string;
  /** what it is, and where a deployment says it */
  what: string;
  /** the environment names a deployment, so that its settings belong there too */
  expected: boolean;
}

/** Which of the settings of a deployment are missing for the command line. */
export function absentSettings(env: NodeJS.ProcessEnv = process.env): AbsentSetting[] {
  const wanted: [string, string][] = [
    ['DCR_ENDPOINT', 'the endpoint that rows are sent to: the output dcrEndpoint of the deployment'],
    ['DCR_RULE_ID', 'the rule that takes the rows: the output dcrRuleId of the deployment'],
    ['WORKSPACE_ID', 'the workspace that holds the rows: the output workspaceCustomerId of the deployment'],
  ];
  // One of a pair, or an empty one, is a mistake; none at all is somebody who looks at Azure and at no deployment.
  const expected = env.ENVIRONMENT_NAME !== undefined || wanted.some(([name]) => env[name] !== undefined);
  return wanted.filter(([name]) => !env[name]).map(([name, what]) => ({ name, what, expected }));
}
