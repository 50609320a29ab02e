import { expect, test } from 'vitest';
import { deployedAlerts } from '../../../simulator/index.ts';
import { STORIES } from './stories/index.ts';
import { play } from './story.ts';

test.each(STORIES)('$name', async (story) => {
  expect(await play(story)).toEqual(story.told);
});

test('every rule of the template has a story in which it fires, and one in which it resolves', () => {
  const told = STORIES.flatMap((story) => story.told);
  const silent = deployedAlerts().rules.flatMap(({ name }) =>
    ['Fired', 'Resolved']
      .filter((condition) => !told.some((line) => line.includes(` ${condition} ${name}`)))
      .map((condition) => `${name} ${condition}`),
  );
  expect(silent).toEqual(['finding-medium Resolved']);
});
