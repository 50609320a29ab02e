/** What belongs to each registry, found at once: a search for each would take hours with ten thousand of them. */
export function byRegistry<T extends { registryId: string }>(items: T[]): (registry: { id: string }) => T[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = item.registryId.toLowerCase();
    const own = found.get(key);
    if (own) own.push(item);
    else found.set(key, [item]);
  }
  return ({ id }) => found.get(id.toLowerCase()) ?? [];
}
