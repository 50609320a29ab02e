import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import type { Policy } from '../model/policy.ts';
import { policyInForce, UPLOADED } from '../policy/inForce.ts';
import { DEFAULT_POLICY, PolicyError } from '../policy.ts';
import type { Examined } from '../preflight/examined.ts';
import { counted, preflight } from '../preflight.ts';
import { absentSettings } from '../settings.ts';
import { openStore } from '../state/open.ts';
import type { Store } from '../state/store.ts';
import { VERSION } from '../version.ts';
import { notEmpty } from './notEmpty.ts';
import { policyFrom } from './policyFile.ts';
import { quotaShareOption } from './quotaShare.ts';
import { preflightText } from './render/preflight.ts';
import { azureSession, type Session, simulatedSession } from './session.ts';
import { signedIn } from './signedIn.ts';
import { myObjectId } from './whoAmI.ts';

interface PreflightFlags {
  simulator?: string;
  policy?: string;
  state?: string;
  format: 'table' | 'json';
  strict: boolean;
  quotaShare: number;
}

export function preflightCommand(): Command {
  return new Command('preflight')
    .option('--simulator <name|file>', 'ask this estate instead of Azure', notEmpty)
    .option('--policy <file>', 'warden.yaml; without it the one that was uploaded to --state', notEmpty)
    .option('--state <folder|url>', 'the folder or blob container that keeps the state', notEmpty)
    .addOption(new Option('--format <format>', 'what is printed').choices(['table', 'json']).default('table'))
    .option('--strict', 'exit 3 when something is wrong', false)
    .addOption(quotaShareOption())
    .action(async (flags: PreflightFlags) => {
      process.exitCode = await run(flags);
    });
}

async function run({ simulator, policy: file, state, format, strict, quotaShare }: PreflightFlags): Promise<number> {
  const session = simulator ? await simulatedSession(simulator) : azureSession(quotaShare);
  const azure = session.connect();
  const { destination, workspaceId, deployment, tenantId, clock } = session;
  const store = state === undefined ? undefined : openStore(state, session.credential);
  // Whether there is a login at all, the first read of Azure says better.
  const principalId = await myObjectId(session.credential, `${azure.cloud.arm}/.default`).catch(() => undefined);
  const chosen = await policyOf(file, store);
  const examine = () =>
    preflight({
      azure,
      policy: chosen.policy,
      before: [program(), ...settings(session, state), chosen.examined],
      ...(principalId && { principalId }),
      ...(tenantId && { tenantId }),
      ...(destination && { destination }),
      ...(workspaceId && { workspaceId }),
      ...(deployment && { environment: deployment }),
      ...(store && { store }),
      probe: randomUUID(),
      clock,
    });
  const examined = await signedIn('acr-warden preflight --simulator guide', examine);
  const counts = counted(examined);
  const document = { version: VERSION, cloud: azure.cloud.name, principalId: principalId ?? null, counts, examined };
  process.stdout.write(
    format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : preflightText(examined, counts, process.stdout),
  );
  if (counts.unknown > 0) return 1;
  return strict && counts.wrong > 0 ? 3 : 0;
}

function program(): Examined {
  const detail = `${VERSION} on Node.js ${process.versions.node}`;
  return { area: 'version', scope: 'acr-warden', what: 'this program', verdict: 'ok', detail };
}

/** What a deployment would have told us; a simulated estate needs no settings. */
function settings({ simulator }: Session, state: string | undefined): Examined[] {
  const absent = simulator ? [] : absentSettings();
  const examined = absent.map(({ name, what, expected }): Examined => {
    const base = { area: 'settings', scope: name, what: `setting ${name}` } as const;
    return { ...base, verdict: expected ? 'wrong' : 'not-tested', detail: `not set: ${what}` };
  });
  if (state !== undefined) return examined;
  const detail = '--state was not given: the output stateContainerUrl of the deployment, or a folder';
  return [...examined, { area: 'state', scope: '--state', what: 'state', verdict: 'not-tested', detail }];
}

/** The policy to examine by: of the file, else the uploaded one; one with mistakes is told, and the default goes on. */
async function policyOf(
  file: string | undefined,
  store: Store | undefined,
): Promise<{ policy: Policy; examined: Examined }> {
  const base = { area: 'policy', scope: file ?? UPLOADED, what: 'policy' } as const;
  if (file !== undefined) {
    try {
      return {
        policy: policyFrom({ policy: file }),
        examined: { ...base, verdict: 'ok', detail: `${file} can be used` },
      };
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      const fix = `Mend ${file}, then: acr-warden policy check ${file}`;
      return { policy: DEFAULT_POLICY, examined: { ...base, verdict: 'wrong', detail: error.message, fix } };
    }
  }
  if (!store) return { policy: DEFAULT_POLICY, examined: { ...base, verdict: 'ok', detail: 'the default' } };
  // Why the state cannot be read, its own examination says.
  const inForce = await policyInForce(store).catch(() => undefined);
  if (!inForce) {
    const detail = `${store.place} cannot be read; the default was taken for what follows`;
    return { policy: DEFAULT_POLICY, examined: { ...base, verdict: 'not-tested', detail } };
  }
  if (!inForce.policyProblem) {
    const detail = inForce.policy === DEFAULT_POLICY ? 'none was uploaded: the default' : `${UPLOADED} can be used`;
    return { policy: inForce.policy, examined: { ...base, verdict: 'ok', detail } };
  }
  const { place, name, problems } = inForce.policyProblem;
  const fix = `Mend it, check it with "acr-warden policy check", and upload it to ${place}/${name}`;
  return { policy: inForce.policy, examined: { ...base, verdict: 'wrong', detail: problems.join('\n'), fix } };
}
