/** The parts of an ARM resource id that people know a resource by; texts as on the wire. */
export interface ArmId {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
}

const RESOURCE_ID = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/[^/]+\/(?:[^/]+\/)*([^/]+)$/i;

/** Reads the id of a resource in a resource group; throws on anything else. */
export function parseArmId(id: string): ArmId {
  const [, subscriptionId, resourceGroup, name] = RESOURCE_ID.exec(id) ?? [];
  if (!subscriptionId || !resourceGroup || !name) throw new Error(`'${id}' is not the id of an Azure resource`);
  return { subscriptionId, resourceGroup, name };
}

/** The id's last segment: roles are compared by it, since their prefix differs from place to place. */
export function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Azure compares ids without regard to letter case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
