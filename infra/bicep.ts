import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The one compiler whose output is committed: another version writes another `_generator` and another hash. */
export const bicepVersion = '0.49.2';

/** The compiler's package on NuGet, by Node's platform and architecture. */
const packages: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'osx-x64',
  'darwin-arm64': 'osx-arm64',
  'win32-x64': 'win-x64',
};

const executable = process.platform === 'win32' ? 'bicep.exe' : 'bicep';
const cache = join(import.meta.dirname, '..', 'node_modules', '.cache', 'bicep', bicepVersion);

/** Where the compiler is, or why there is none. */
export type Bicep = { path: string } | { missing: string };

/**
 * Finds the Bicep compiler of the pinned version: in the cache, on PATH, where `az bicep install` puts it,
 * and last from NuGet through the .NET SDK. Never throws: no compiler is an answer.
 */
export async function findBicep(): Promise<Bicep> {
  const name = packages[`${process.platform}-${process.arch}`];
  const cached = name === undefined ? undefined : packagedPath(name);
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, executable));
  const candidates = [
    ...(cached === undefined ? [] : [cached]),
    ...onPath,
    join(homedir(), '.azure', 'bin', executable),
  ];
  for (const path of candidates) {
    if (await isPinned(path)) return { path };
  }
  if (name === undefined) {
    return {
      missing: `no Bicep ${bicepVersion} on PATH, and no package of it for ${process.platform}-${process.arch}`,
    };
  }
  return restore(name);
}

function packagedPath(name: string): string {
  return join(cache, 'packages', `azure.bicep.commandline.${name}`, bicepVersion, 'tools', executable);
}

async function isPinned(path: string): Promise<boolean> {
  try {
    const { stdout } = await run(path, ['--version']);
    return stdout.includes(`version ${bicepVersion} `);
  } catch {
    // Not there, or not executable: the next candidate is tried.
    return false;
  }
}

/** A project that only downloads: no framework references, so that nothing but the compiler is fetched. */
function project(name: string, packagesFolder: string): string {
  return `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
    <RestorePackagesPath>${packagesFolder}</RestorePackagesPath>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="Azure.Bicep.CommandLine.${name}" Version="[${bicepVersion}]" />
  </ItemGroup>
</Project>
`;
}

async function restore(name: string): Promise<Bicep> {
  await mkdir(cache, { recursive: true });
  // A folder of its own: two processes may restore at once, and only NuGet's packages folder is safe to share.
  const folder = await mkdtemp(join(cache, 'restore-'));
  try {
    await writeFile(join(folder, 'bicep.proj'), project(name, join(cache, 'packages')));
    await run('dotnet', ['restore', 'bicep.proj', '--verbosity', 'quiet'], { cwd: folder, timeout: 90_000 });
    const path = packagedPath(name);
    // NuGet unpacks without the executable bit.
    await chmod(path, 0o755);
    if (await isPinned(path)) return { path };
    return { missing: `${path} does not run here` };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { missing: `no Bicep ${bicepVersion} on PATH, and the .NET SDK could not fetch it: ${reason}` };
  } finally {
    await rm(folder, { recursive: true });
  }
}
