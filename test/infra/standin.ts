import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { infra } from './template.ts';

/**
 * One answer of a stand-in program: the first whose pattern (a shell glob over name and arguments) fits is given.
 * `after`: only once a call that fits this glob was made. `times`: only so often.
 */
export type Answer = { call: string; after?: string; times?: number; out?: string; exit?: number };

/** What a script did: how it ended, what it said, and each call that it made. */
export type Outcome = { exit: number; said: string; calls: string[] };

/** Records its name and arguments, then looks up its answer in a file of tab-separated lines. */
const program = `#!/bin/bash
call="\${0##*/} $*"
printf '%s\\n' "$call" >>"$STANDIN/calls"
if [[ -n \${ACR_WARDEN_RECEIVER_KEY-} && $call == 'az stack sub create'* ]]; then
  printf 'with receiver key %s\\n' "$ACR_WARDEN_RECEIVER_KEY" >>"$STANDIN/calls"
fi
# What is downloaded goes where the caller wants it.
[[ $call != *' blob download '* ]] || { file=\${call#* --file } && exec >"\${file%% *}"; }
number=0
while IFS=$'\\t' read -r pattern after times code out; do
  number=$((number + 1))
  [[ $call == $pattern ]] || continue
  if [[ $after != - ]]; then
    seen=no
    while IFS= read -r earlier; do [[ $earlier != $after ]] || seen=yes; done <"$STANDIN/calls"
    [[ $seen == yes ]] || continue
  fi
  if [[ $times != - ]]; then
    used=$STANDIN/used-$number
    touch "$used"
    (($(wc -l <"$used") < times)) || continue
    echo >>"$used"
  fi
  [[ $out == - ]] || printf '%b\\n' "$out"
  exit "$code"
done <"$STANDIN/answers"
printf 'the stand-in has no answer to: %s\\n' "$call" >&2
exit 97
`;

/** Makes a copy of what the scripts need, in which they run against stand-ins for az and npm. Returns its folder. */
async function openWorkshop(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'deploy-'));
  await cp(infra, join(root, 'infra'), { recursive: true });
  for (const file of ['package.json', 'host.json']) await cp(join(infra, '..', file), join(root, file));
  await symlink(join(infra, '..', 'node_modules'), join(root, 'node_modules'));
  await writeFile(join(root, 'warden.yaml'), 'profile: auth\n');
  await mkdir(join(root, 'dist', 'src', 'functions'), { recursive: true });
  await writeFile(join(root, 'dist', 'src', 'functions', 'planSweep.js'), 'export {};\n');
  await mkdir(join(root, 'bin'));
  for (const name of ['az', 'npm']) {
    await writeFile(join(root, 'bin', name), program);
    await chmod(join(root, 'bin', name), 0o755);
  }
  return root;
}

/** A workshop for the tests of one file: where it is once they run, and what runs one of its scripts there. */
export function workshop(script: string) {
  const place = { root: '' };
  beforeAll(async () => {
    place.root = await openWorkshop();
  });
  afterAll(async () => {
    await rm(place.root, { recursive: true });
  });
  const run = (args: string[], answers: Answer[]) => runScript(place.root, script, args, answers);
  return { place, run };
}

function answerLine({ call, after = '-', times, exit = 0, out = '-' }: Answer): string {
  const printed = out.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `${[call, after, times ?? '-', exit, printed].join('\t')}\n`;
}

/** Runs a script of a workshop with its arguments against these answers, without a terminal. */
async function runScript(root: string, script: string, args: string[], answers: Answer[]): Promise<Outcome> {
  const standin = await mkdtemp(join(root, 'run-'));
  await writeFile(join(standin, 'answers'), answers.map(answerLine).join(''));
  await writeFile(join(standin, 'calls'), '');
  const env = {
    PATH: `${join(root, 'bin')}:${process.env.PATH}`,
    HOME: standin,
    STANDIN: standin,
    ACR_WARDEN_PAUSE: '0',
    ACR_WARDEN_TRIES: '4',
  };
  const { exit, said } = await new Promise<{ exit: number; said: string }>((resolve) => {
    const child = execFile(join(root, script), args, { env }, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
    child.stdin?.end();
  });
  const calls = (await readFile(join(standin, 'calls'), 'utf8')).split('\n').filter((line) => line !== '');
  return { exit, said, calls };
}
