import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { infra } from './template.ts';

type Step = { uses?: string; run?: string; with?: Record<string, string> };
type Job = { needs?: string; if?: string; environment: string; permissions: Record<string, string>; steps: Step[] };

const text = readFileSync(join(infra, '..', '.github', 'workflows', 'deploy.yml'), 'utf8');
const workflow: { permissions: object; jobs: Record<string, Job> } = parse(text);
const jobs = Object.entries(workflow.jobs);

test('every action is pinned by commit, and says which version that is', () => {
  const uses = text.split('\n').filter((line) => line.includes('uses:'));
  expect(uses.length).toBeGreaterThan(3);
  expect(uses.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test('jobs may read the code and ask for a token, and nothing else', () => {
  expect(workflow.permissions).toEqual({});
  for (const [, job] of jobs) expect(job.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
});

test('login is by OIDC: no secret is used', () => {
  expect(text).not.toMatch(/secrets\.|creds:|client-secret/);
  for (const [, job] of jobs) {
    expect(Object.keys(job.steps.find((step) => step.uses?.startsWith('azure/login'))?.with ?? {})).toEqual([
      'client-id',
      'tenant-id',
      'subscription-id',
    ]);
  }
});

test('a pull request is previewed, main goes to dev and then, behind its environment, to prod', () => {
  const summary = jobs.map(([name, job]) => ({
    name,
    after: job.needs ?? '',
    environment: job.environment,
    runs: job.steps.flatMap((step) => step.run ?? []),
  }));
  const policy = 'policy=infra/env/$ENVIRONMENT.warden.yaml\n[[ -f $policy ]] || policy=\n';
  const run = (options: string) =>
    `${policy}infra/deploy.sh "$ENVIRONMENT" ${options} \${policy:+--policy "$policy"}\n`;
  const deployment = run('--subscription "$SUBSCRIPTION"');
  expect(summary).toEqual([
    {
      name: 'preview',
      after: '',
      environment: expect.stringMatching(/^\$\{\{ matrix\.environment \}\}-preview$/),
      runs: [run('--what-if --subscription "$SUBSCRIPTION"')],
    },
    { name: 'dev', after: '', environment: 'dev', runs: [deployment] },
    { name: 'prod', after: 'dev', environment: 'prod', runs: [deployment] },
  ]);
  expect(workflow.jobs.preview?.if).toContain("github.event_name == 'pull_request'");
  expect(workflow.jobs.dev?.if).toBe("github.event_name != 'pull_request'");
});

test('nothing from outside is pasted into a script', () => {
  const pasted = jobs.flatMap(([, job]) => job.steps).filter((step) => step.run?.includes('${{'));
  expect(pasted).toEqual([]);
});
