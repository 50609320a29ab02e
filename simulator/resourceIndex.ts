import type { Wire } from './estate.ts';
import { normalized, parentOf, parseArmPath } from './resourceId.ts';

export type Resource = Wire & { id: string };

/** Finds resources by id, by type, and by parent and type, in any letter case. */
export interface ResourceIndex {
  all(): readonly Resource[];
  get(id: string): Resource | undefined;
  ofType(type: string): readonly Resource[];
  /** Those of the type anywhere in the subscription; without one, those above all subscriptions. */
  inSubscription(subscriptionId: string | undefined, type: string): readonly Resource[];
  /** Those of the type directly below the parent. */
  children(parentId: string, type: string): readonly Resource[];
  put(resource: Resource): void;
  /** Takes out the resource and all below it; returns what was taken out, the resource first. */
  remove(id: string): Resource[];
}

export function indexResources(resources: readonly Resource[]): ResourceIndex {
  const byId = new Map<string, Resource>();
  let byType: Map<string, Resource[]> | undefined;
  for (const resource of resources) byId.set(key(resource.id), resource);

  function groups(): Map<string, Resource[]> {
    if (byType !== undefined) return byType;
    const made = new Map<string, Resource[]>();
    for (const resource of byId.values()) {
      const at = parseArmPath(resource.id);
      const type = (at.type ?? String(resource.type ?? '')).toLowerCase();
      const below = `${key(parentOf(resource.id))}|${type}`;
      for (const group of [type, below, `in ${at.subscriptionId?.toLowerCase()}|${type}`]) {
        const list = made.get(group);
        if (list === undefined) made.set(group, [resource]);
        else list.push(resource);
      }
    }
    byType = made;
    return made;
  }

  return {
    all: () => [...byId.values()],
    get: (id) => byId.get(key(id)),
    ofType: (type) => groups().get(type.toLowerCase()) ?? [],
    inSubscription: (id, type) => groups().get(`in ${id?.toLowerCase()}|${type.toLowerCase()}`) ?? [],
    children: (parentId, type) => groups().get(`${key(parentId)}|${type.toLowerCase()}`) ?? [],
    put(resource) {
      byId.set(key(resource.id), resource);
      byType = undefined;
    },
    remove(id) {
      const gone = [...byId.entries()].filter(([one]) => one === key(id) || one.startsWith(`${key(id)}/`));
      for (const [one] of gone) byId.delete(one);
      byType = undefined;
      return gone.map(([, resource]) => resource).toSorted((a, b) => a.id.length - b.id.length);
    },
  };
}

function key(id: string): string {
  return normalized(id).toLowerCase();
}
