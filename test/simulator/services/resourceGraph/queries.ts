import { expect } from 'vitest';
import { type Answered, ask, SUB, type simulatorOf } from '../../ask.ts';

export type Simulator = ReturnType<typeof simulatorOf>;

export const URL = 'https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
export const OTHER = 'bbbbbbbb-0000-0000-0000-000000000002';

export const registry = (name: string, subscription = SUB) => ({
  id: `/subscriptions/${subscription}/resourceGroups/RG-Shop/providers/Microsoft.ContainerRegistry/registries/${name}`,
  name,
  type: 'Microsoft.ContainerRegistry/registries',
  location: 'WestEurope',
  sku: { name: 'Premium' },
  tags: { env: 'prod' },
  properties: { publicNetworkAccess: 'Enabled', loginServer: `${name}.azurecr.io` },
});

/** One hand-written query. */
export function query(
  simulator: Simulator,
  text: string,
  rest: object = {},
  options: Parameters<typeof ask>[2] = {},
): Promise<Answered> {
  return ask(simulator, URL, { method: 'POST', body: { query: text, ...rest }, ...options });
}

/** The rows of a query that must succeed. */
export async function rows(simulator: Simulator, text: string, rest: object = {}): Promise<unknown> {
  const { status, body } = await query(simulator, text, rest);
  expect([status, body]).toEqual([200, expect.objectContaining({ data: expect.any(Array) })]);
  return (body as { data: unknown }).data;
}
