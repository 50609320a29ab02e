import { createHash } from 'node:crypto';
import type { deployedAlerts } from '../../../simulator/index.ts';
import type { Judged } from './mutation.ts';
import { STORIES } from './stories/index.ts';

type Rule = ReturnType<typeof deployedAlerts>['rules'][number];

const MUTATION = '## Mutation test';

/** docs/alerts.md: the rules of the compiled template, their stories, and what the mutation test came to. */
export function alertsPage(rules: readonly Rule[], mutation: string): string {
  return `${[INTRODUCTION, table(rules), ...rules.map(chapter), OTHERS, mutation].join('\n\n')}\n`;
}

const INTRODUCTION = `# Alert rules

<!-- Made by npm run mutate from infra/main.json, infra/alerts and test/infra/alerts: do not edit. -->

Every rule is a file in \`infra/alerts\` and one entry of the list in \`infra/modules/alerts.bicep\`. A rule knows no check:
it works on columns that every finding has, so a new check needs no new rule. All of them run every 15 minutes, look back
two days (Azure's limit), remember what they told, and tell it again only after it was resolved. An alert resolves after
three evaluations in a row that no longer find it: half an hour after the sweep that is clean has arrived.

Limits of Azure that show here: a rule tells of 300 alerts at most in one evaluation; a mail's subject names the rule and
the workspace, never the finding (that stands in the dimensions, and on the Teams card). A finding that goes on as it was
gets a row every twelve hours: where sweeps stop, its alert resolves after one and a half to two days without one, and
after two days every alert but \`sweep-missing\`, since there are no rows left to look at.

On the first day: \`sweep-missing\` fires until the first sweep has arrived, since a new table takes up to a quarter of an
hour, and the first sweep tells everything that is open at once. Azure sends at most 100 mails an hour to one address;
what should not be told again belongs into \`warden.yaml\` as an exception, or its rule is switched off for a while
(below).

Cost: a rule is billed by its frequency, and for each further combination of dimension values that its result holds. The
list price in most regions was 0.50 USD a month for a rule that runs every 15 minutes, and 0.05 USD for each further
combination in a month; look at the price page of your region. The queries give rows only for what is to be told.

\`admin-account-used\` and \`login-failures-rising\` read what registries log themselves: they are deployed where
\`loginEventsWorkspaceId\` names the workspace to which the registries' diagnostic settings send ContainerRegistryLoginEvents.

Per environment (\`infra/env/*.bicepparam\`): \`alertSettings = { '<rule>': { enabled: false, severity: 3 } }\`, the
thresholds \`stormThreshold\` and \`loginFailures\`, and \`routes\`, which tell findings of some categories or severities to
other action groups. A route named \`network\` has the rules \`finding-<severity>-network\`.`;

const OTHERS = `## Alerts that are no log rules

| alert | when | where |
|---|---|---|
| \`admin-password-read\` | somebody called \`listCredentials\` on a registry (acr-warden never does) | activity log |
| \`admin-password-rotated\` | somebody called \`regenerateCredential\` | activity log |
| \`registry-service-health\` | Azure reports a problem of Container Registry | Service Health |
| \`alert-rule-unhealthy\` | a rule of this page cannot be evaluated; Azure switches it off after a week | Resource Health |
| \`storage-70-…\`, \`storage-90-…\` | a registry in \`watchedRegistries\` uses 70 or 90 % of the storage that its tier includes | metric |
| \`pulls-failing-…\` | far fewer pulls from it succeed than usual at this hour | metric, dynamic threshold |

An alert on the activity log sees the subscription that it stands in and no other: name a resource group of each other
audited subscription in \`activityAlertGroups\`. Metrics are watched of the registries in \`watchedRegistries\` only. These alerts and the metric alerts are no rows of the workspace: the
simulator does not evaluate them.`;

function table(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => {
    const about = rule.dimensions.map(({ name }) => name).join(', ') || 'the deployment';
    return `| [\`${rule.name}\`](#${rule.name}) | ${rule.severity} | ${rule.displayName.replace(/^acr-warden \w+: /, '')} | ${about} |`;
  });
  return ['| rule | Sev | told when | one alert per |', '|---|---|---|---|', ...rows].join('\n');
}

function chapter(rule: Rule): string {
  const stories = STORIES.filter((story) => story.rules.includes(rule.name)).map(({ name }) => `- ${name}`);
  return [
    `## ${rule.name}`,
    `What it asks: ${commentsOf(rule.query)}`,
    `Fires when ${conditionOf(rule)}; resolves after three evaluations in which that is not so.`,
    `What to do: ${rule.description}`,
    `Its stories (\`test/infra/alerts/stories\`):\n\n${stories.join('\n')}`,
    `\`\`\`kusto\n${withoutComments(rule.query)}\n\`\`\``,
  ].join('\n\n');
}

function conditionOf({ timeAggregation, metricMeasureColumn, operator, threshold, dimensions }: Rule): string {
  const words = {
    Equals: 'is',
    GreaterThan: 'is more than',
    GreaterThanOrEqual: 'is at least',
    LessThan: 'is less than',
    LessThanOrEqual: 'is at most',
  };
  const what = timeAggregation === 'Count' ? 'the number of rows' : `\`${metricMeasureColumn}\``;
  const each = dimensions.length > 0 ? ' for one combination of its dimensions' : '';
  return `${what} ${words[operator]} ${threshold}${each}`;
}

function commentsOf(query: string): string {
  return query
    .split('\n')
    .filter((line) => line.startsWith('//'))
    .map((line) => line.slice(3))
    .join(' ');
}

function withoutComments(query: string): string {
  return query
    .split('\n')
    .filter((line) => !line.startsWith('//'))
    .join('\n')
    .trim();
}

/** What the stories noticed, and why what they did not notice is nothing to notice. */
export function mutationSection(judged: readonly Judged[], rules: readonly Rule[]): string {
  const noticed = judged.filter((one) => one.noticed).length;
  const names = [...new Set(judged.map(({ rule }) => rule))];
  const rows = names.map((name) => {
    const own = judged.filter(({ rule }) => rule === name);
    return `| \`${name}\` | ${own.length} | ${own.filter((one) => one.noticed).length} |`;
  });
  const survivors = judged
    .filter((one) => !one.noticed)
    .map(
      (one) =>
        `| \`${one.rule}\` | \`${cell(one.of)}\` | \`${cell(one.from)}\` → \`${cell(one.to)}\` | ${one.reason ?? 'none yet'} |`,
    );
  return `${MUTATION}

\`npm run mutate\` changes every filter, comparison, constant, aggregation, join and column of every query in turn and runs
the rule's stories: they notice **${noticed} of ${judged.length}** mutants (${((100 * noticed) / judged.length).toFixed(1)} %).
\`finding-high\` and \`finding-medium\` are the query of \`finding-critical\` with another constant. Of queries and stories
${fingerprint(rules)}.

| rule | mutants | noticed |
|---|---|---|
${rows.join('\n')}

What survived:

| rule | in | change | why no story can tell |
|---|---|---|---|
${survivors.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** What the mutation test was run on: another fingerprint means that it has to run again. */
export function fingerprint(rules: readonly Rule[]): string {
  const tried = [rules.map(({ name, query }) => [name, query]), STORIES];
  return createHash('sha256').update(JSON.stringify(tried)).digest('hex').slice(0, 16);
}

/** The mutation section of a page that was made before. */
export function mutationOf(page: string): string {
  const at = page.indexOf(MUTATION);
  if (at < 0) throw new Error('the page has no mutation test: run npm run mutate');
  return page.slice(at).trimEnd();
}
