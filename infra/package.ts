import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { type ZipEntry, zipOf } from './zip.ts';

/**
 * What is deployed: the bundle, the host's settings, and as much of package.json as the host reads.
 * No dependency (the bundle holds them), no map, no source. Throws when there is no bundle.
 */
export async function packageEntries(root: string): Promise<ZipEntry[]> {
  const paths = (
    await readdir(join(root, 'dist'), { recursive: true, withFileTypes: true }).catch((cause) => {
      throw new Error('there is no dist to package: run npm run build first', { cause });
    })
  )
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => join(entry.parentPath, entry.name));
  const { name, version, type, main } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (typeof main !== 'string') throw new Error('package.json has no main: the host would find no function');
  const entries: ZipEntry[] = [
    { path: 'host.json', content: await readFile(join(root, 'host.json')) },
    { path: 'package.json', content: Buffer.from(`${JSON.stringify({ name, version, type, main }, null, 2)}\n`) },
  ];
  for (const path of paths) {
    entries.push({
      path: path
        .slice(root.length + 1)
        .split(sep)
        .join('/'),
      content: await readFile(path),
    });
  }
  return entries;
}

if (import.meta.main) {
  const out = process.argv[2];
  if (out === undefined) throw new Error('usage: node infra/package.ts OUT.zip');
  const archive = zipOf(await packageEntries(join(import.meta.dirname, '..')));
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, archive);
  console.error(`${out}: ${archive.length} bytes`);
}
