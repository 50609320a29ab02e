import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { willingAzure } from './azure.ts';
import { type Answer, workshop } from './standin.ts';

const { place, run: deploy } = workshop('infra/deploy.sh');

describe('the policy that was uploaded', () => {
  const uploads = (calls: readonly string[]) => calls.filter((call) => call.startsWith('az storage blob upload'));
  const keeps = 'differs from warden.yaml and is kept: --policy FILE replaces it';
  const same: Answer = { call: 'az storage blob download *', out: 'profile: auth' };
  const refused: Answer = { call: 'npm *policy check out/uploaded.yaml', exit: 1 };
  const unseen: Answer = { call: 'az storage blob exists *', exit: 1 };

  describe.each([{ args: ['dev'] }, { args: ['dev', '--what-if'] }])('is kept, and told of by $args', ({ args }) => {
    test.each<{ what: string; answers?: Answer[]; said: string }>([
      { what: 'another than the one at hand', said: keeps },
      { what: 'the one at hand', answers: [same], said: 'what is uploaded is warden.yaml already' },
      { what: 'one that this version refuses', answers: [refused], said: 'this version refuses the uploaded policy' },
    ])('$what', async ({ answers = [], said }) => {
      const outcome = await deploy(args, [...answers, ...willingAzure({ existed: true })]);
      expect(outcome.exit).toBe(0);
      expect(outcome.said).toContain(said);
      expect(uploads(outcome.calls)).toEqual([]);
    });
  });

  test('is replaced by the file that is named', async () => {
    const { exit, calls } = await deploy(['dev', '--policy', 'warden.yaml'], willingAzure({ existed: true }));
    expect(exit).toBe(0);
    expect(uploads(calls)).toEqual([expect.stringMatching(/ --file \S+warden\.yaml --overwrite --output none /)]);
  });

  test('is missing: warden.yaml is uploaded, and replaces none that comes meanwhile', async () => {
    const { calls } = await deploy(['dev'], willingAzure());
    expect(uploads(calls)).toEqual([expect.stringMatching(/ --file \S+warden\.yaml --output none /)]);
  });

  test('is never taken for missing because it cannot be seen', async () => {
    const { exit, said, calls } = await deploy(['dev'], [unseen, ...willingAzure({ existed: true })]);
    expect(exit).toBe(1);
    expect(said).toContain('are you among the operators');
    expect(uploads(calls)).toEqual([]);
  });

  test.each<{ what: string; named?: boolean; answers?: Answer[]; existed?: boolean; said: string }>([
    { what: 'none', existed: false, said: 'warden.yaml would be uploaded: there is no policy yet' },
    { what: 'one that it cannot read', answers: [unseen], said: 'cannot be read with your login: nothing would' },
    { what: 'one that a file would replace', named: true, said: 'would replace the uploaded' },
    { what: 'the file', named: true, answers: [same], said: 'warden.yaml already' },
  ])('--what-if tells of $what', async ({ named = false, answers = [], existed = true, said }) => {
    const args = named ? ['--policy', join(place.root, 'warden.yaml')] : [];
    const outcome = await deploy(['dev', '--what-if', ...args], [...answers, ...willingAzure({ existed })]);
    expect(outcome.exit).toBe(0);
    expect(outcome.said).toContain(said);
    expect(uploads(outcome.calls)).toEqual([]);
  });
});
