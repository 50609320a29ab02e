import type { World } from '../../world.ts';

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Ids of the group's members, of nested groups too when asked; a group inside itself ends there. The group itself is not its member. */
export function memberIds(groupId: string, isTransitive: boolean, world: World): string[] {
  const found = new Map<string, string>();
  const open = [groupId];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const id = next;
    for (const member of world.estate.graph.groups.find((group) => same(group.id, id))?.members ?? []) {
      if (found.has(member.toLowerCase()) || same(member, groupId)) continue;
      found.set(member.toLowerCase(), member);
      if (isTransitive) open.push(member);
    }
  }
  return [...found.values()];
}

/** Ids of the groups that hold the object, directly or through groups. */
export function transitiveGroupsOf(objectId: string, world: World): string[] {
  const found = new Set<string>();
  const open = [objectId];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const id = next;
    for (const group of world.estate.graph.groups) {
      if (found.has(group.id) || group.members?.some((member) => same(member, id)) !== true) continue;
      found.add(group.id);
      open.push(group.id);
    }
  }
  return [...found];
}
