import type { Story } from '../story.ts';
import { COVERAGE_STORIES } from './coverage.ts';
import { FINDING_STORIES } from './finding.ts';
import { LOGIN_STORIES } from './login.ts';
import { STORM_STORIES } from './storm.ts';
import { SWEEP_STORIES } from './sweep.ts';

/** Every story of the alert rules. */
export const STORIES: readonly Story[] = [
  ...FINDING_STORIES,
  ...STORM_STORIES,
  ...SWEEP_STORIES,
  ...COVERAGE_STORIES,
  ...LOGIN_STORIES,
];
