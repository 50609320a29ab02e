/** An ARM id or a path, taken apart. Letter case is kept; compare with `sameId`. */
export interface ArmPath {
  /** What stands before the last `/providers/`; '' for the tenant root. */
  scope: string;
  subscriptionId?: string;
  resourceGroup?: string;
  /** `Microsoft.ContainerRegistry/registries/tokens`; undefined for a subscription, a resource group, the root. */
  type?: string;
  names: string[];
  /** True for the list of a type: the last type has no name. */
  collection: boolean;
}

/** `//subscriptions/…` and a slash at the end are what SDKs make of scopes that start with one. */
export function normalized(path: string): string {
  return `/${path.replace(/^\/+/, '').replace(/\/+$/, '')}`;
}

export function parseArmPath(path: string): ArmPath {
  const clean = normalized(path);
  const at = clean.toLowerCase().lastIndexOf('/providers/');
  const scope = at < 0 ? clean : clean.slice(0, at);
  const subscriptionId = /^\/subscriptions\/([^/]+)/i.exec(clean)?.[1];
  const resourceGroup = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(clean)?.[1];
  const [namespace, ...pairs] = at < 0 ? [] : clean.slice(at + '/providers/'.length).split('/');
  const parsed: ArmPath = {
    scope,
    names: pairs.filter((_, index) => index % 2 === 1),
    collection: pairs.length % 2 === 1,
  };
  if (subscriptionId !== undefined) parsed.subscriptionId = subscriptionId;
  if (resourceGroup !== undefined) parsed.resourceGroup = resourceGroup;
  if (namespace !== undefined) parsed.type = [namespace, ...pairs.filter((_, index) => index % 2 === 0)].join('/');
  return parsed;
}

export function sameId(one: string, other: string): boolean {
  return normalized(one).toLowerCase() === normalized(other).toLowerCase();
}

/** Segment prefix, any letter case: `/…/rg-a` covers itself and what is below it, not `/…/rg-ab`. `/` covers all. */
export function covers(scope: string, id: string): boolean {
  const above = normalized(scope).toLowerCase();
  const below = normalized(id).toLowerCase();
  return above === '/' || above === below || below.startsWith(`${above}/`);
}

/** The id without its last type and name: a token's registry, a top resource's scope. */
export function parentOf(id: string): string {
  const segments = normalized(id).split('/');
  const parent = segments.slice(0, -2);
  return parent.at(-2)?.toLowerCase() === 'providers' ? parent.slice(0, -2).join('/') : parent.join('/');
}

export function nameOf(id: string): string {
  return normalized(id).split('/').at(-1) ?? '';
}
