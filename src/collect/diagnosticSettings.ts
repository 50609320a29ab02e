import * as z from 'zod';
import type { Azure } from '../azure.ts';
import type { DiagnosticSetting, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { armPages } from './arm.ts';
import { attempt, whereRegistered } from './attempt.ts';
import { understood } from './wire.ts';

const API_VERSION = '2021-05-01-preview';

/** A log entry names a category or a category group; an unset destination is null, "" or absent (wire: diagnosticSettings-list). */
const WireSetting = z.object({
  name: z.string(),
  properties: z.object({
    workspaceId: z.string().nullish(),
    storageAccountId: z.string().nullish(),
    eventHubAuthorizationRuleId: z.string().nullish(),
    marketplacePartnerId: z.string().nullish(),
    logs: z
      .array(
        z.object({
          category: z.string().nullish(),
          categoryGroup: z.string().nullish(),
          enabled: z.boolean().nullish(),
        }),
      )
      .nullish(),
  }),
});

/** Where the logs of a registry go. */
export async function readDiagnosticSettings(
  azure: Azure,
  { id: registryId }: Registry,
  gaps: Gap[],
): Promise<DiagnosticSetting[]> {
  const settings: DiagnosticSetting[] = [];
  await attempt(gaps, 'diagnosticSettings', registryId, async () => {
    const path = `${registryId}/providers/Microsoft.Insights/diagnosticSettings?api-version=${API_VERSION}`;
    for await (const wire of whereRegistered(armPages(azure, path))) {
      const { name, properties } = understood(WireSetting, wire, `a diagnostic setting of ${registryId}`);
      const { workspaceId, storageAccountId, eventHubAuthorizationRuleId, marketplacePartnerId, logs } = properties;
      settings.push({
        registryId,
        name,
        hasDestination: Boolean(workspaceId || storageAccountId || eventHubAuthorizationRuleId || marketplacePartnerId),
        logs: (logs ?? []).flatMap(({ enabled, category, categoryGroup }) =>
          enabled
            ? [category, categoryGroup].filter((one): one is string => typeof one === 'string' && one !== '')
            : [],
        ),
      });
    }
  });
  return settings;
}
