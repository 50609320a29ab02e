import type { TokenCredential } from '@azure/identity';
import { ContainerClient } from '@azure/storage-blob';
import { isLoopback } from '../rewrite.ts';
import { containerStore } from './container.ts';
import { folderStore } from './folder.ts';
import type { Store } from './store.ts';

/** The state at a place that people name: a container's address, or a folder. */
export function openStore(place: string, credential: TokenCredential): Store {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return folderStore(place);
  return containerStore(openContainer(place, credential));
}

/** A blob container, through the identity; on loopback that is the storage emulator, whose key is public and its own. */
function openContainer(url: string, credential: TokenCredential): ContainerClient {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw new Error(
      `the state must be in a folder, or in a blob container, as in https://contoso.blob.core.windows.net/warden; ${withoutLogin(url)} is neither`,
    );
  }
  if (new URL(url).username || new URL(url).password) {
    throw new Error(`the state is opened by the Azure login: leave the user and password out of ${withoutLogin(url)}`);
  }
  if (!isLoopback(url)) return new ContainerClient(url, credential);
  const emulator = new ContainerClient('UseDevelopmentStorage=true', 'any');
  return new ContainerClient(url, emulator.credential);
}

/** An address as it may be shown. */
function withoutLogin(url: string): string {
  return url.replace(/\/\/.*@/, '//');
}
