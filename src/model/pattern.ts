/**
 * Whether a name fits a pattern: * stands for any number of characters, ? for one, everything else for itself without
 * regard to letter case, since Azure's names have none.
 */
export function fits(name: string, pattern: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'is').test(name);
}

/** Whether all the wanted tags are set; Azure's tag names have no letter case, their values do. */
export function hasTags(tags: Record<string, string>, wanted: Record<string, string>): boolean {
  const given = new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(wanted).every(([name, value]) => given.get(name.toLowerCase()) === value);
}
