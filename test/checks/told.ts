import type { Check, CheckInput } from '../../src/model/check.ts';
import type { PrivateEndpointConnection } from '../../src/model/estate.ts';
import type { Policy } from '../../src/model/policy.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { input, SUB } from '../build.ts';

/** What a check says of some facts, in short: `where [subject] severity`; whole hits are tested beside it. */
export function told(check: Check, facts: Partial<CheckInput>): string[] {
  return check.run(input(facts)).map(({ resourceId, subject, severity = check.severity }) => {
    const where = resourceId.slice(resourceId.lastIndexOf('/') + 1);
    return [where, ...(subject ? [`[${subject}]`] : []), severity].join(' ');
  });
}

/** The default policy but for what a test is about. */
export function policy(change: Partial<Policy>): Policy {
  return { ...DEFAULT_POLICY, ...change };
}

export function hygiene(change: Partial<Policy['hygiene']>): Policy {
  return policy({ hygiene: { ...DEFAULT_POLICY.hygiene, ...change } });
}

export function endpointId(name: string, subscriptionId = SUB): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/${name}`;
}

export function connection(change: Partial<PrivateEndpointConnection> = {}): PrivateEndpointConnection {
  return { name: 'shop.0123', endpointId: endpointId('pe-shop'), status: 'Approved', ...change };
}
