import type { Metafile } from 'esbuild';

/** What an output of a bundle loads before its code runs: its own path and those of all chunks that it imports. */
export function loadedWith({ outputs }: Metafile, output: string): string[] {
  const loaded = new Set<string>();
  const waiting = [output];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const imports = outputs[path]?.imports ?? [];
    for (const one of imports) if (one.kind === 'import-statement' && !one.external) waiting.push(one.path);
  }
  return [...loaded];
}
