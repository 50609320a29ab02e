import { deployedAlerts } from '../../../simulator/index.ts';
import { analyzeKql } from '../../../simulator/kql/index.ts';
import { simulatorOf } from '../../simulator/ask.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { STORIES } from './stories/index.ts';
import { play, type Story } from './story.ts';
import { reasonOf } from './survivors.ts';

/** A mutant, whether any story noticed it, and why it is nothing to notice. */
export interface Judged extends Mutant {
  rule: string;
  noticed: boolean;
  reason: string | undefined;
}

/** The rules whose queries are mutated, and which of their mutants: the others are the same query again. */
const MUTATED: { rule: string; about?: RegExp }[] = [
  { rule: 'finding-critical' },
  { rule: 'finding-high-network', about: /Category|access|network/ },
  { rule: 'finding-storm' },
  { rule: 'sweep-missing' },
  { rule: 'sweep-incomplete' },
  { rule: 'coverage-dropped' },
  { rule: 'rows-undelivered' },
  { rule: 'admin-account-used' },
  { rule: 'login-failures-rising' },
];

/** Runs the stories of each rule against every mutant of its query, until one notices. */
export async function* judgeMutants(only?: string): AsyncGenerator<Judged> {
  const schema = simulatorOf({}).logs.schema();
  for (const { rule, about = /./ } of MUTATED.filter((one) => only === undefined || one.rule === only)) {
    const stories = STORIES.filter((story) => story.rules.includes(rule));
    const [first] = stories;
    if (first === undefined) throw new Error(`rule ${rule} has no story`);
    // The texts of two stories may differ in a constant only, so that a mutant is known by its place in the list.
    const mutants = mutantsOf(queryOf(rule, first), schema);
    for (const [index, mutant] of mutants.entries()) {
      // What is no query any more says nothing of the stories.
      const isQuery = analyzeKql(mutant.query, schema).columns !== undefined;
      if (!isQuery || !about.test(`${mutant.of} ${mutant.from}`)) continue;
      const noticed = await isNoticed(rule, stories, (query) => mutantsOf(query, schema)[index]?.query ?? query);
      yield { ...mutant, rule, noticed, reason: noticed ? undefined : reasonOf(rule, mutant) };
    }
  }
}

function queryOf(rule: string, { parameters }: Story): string {
  const found = deployedAlerts({ environmentName: 'prod', ...parameters }).rules.find(({ name }) => name === rule);
  if (found === undefined) throw new Error(`there is no rule ${rule}`);
  return found.query;
}

const asTold = new Map<string, string[]>();

async function isNoticed(rule: string, stories: readonly Story[], mutate: (query: string) => string): Promise<boolean> {
  for (const story of stories) {
    const key = `${rule} ${story.name}`;
    const expected = asTold.get(key) ?? (await play(story, { only: [rule] }));
    asTold.set(key, expected);
    try {
      const change = (one: ReturnType<typeof deployedAlerts>['rules'][number]) => ({
        ...one,
        query: mutate(one.query),
      });
      const told = await play(story, { only: [rule], change });
      if (JSON.stringify(told) !== JSON.stringify(expected)) return true;
    } catch {
      // Azure would not even take the rule.
      return true;
    }
  }
  return false;
}
