import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { ContainerClient } from '@azure/storage-blob';

export interface Azurite {
  /** the address of a container that was just made */
  container(name: string): Promise<string>;
  /** takes a lease on a blob, as somebody else may */
  lease(container: string, blob: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the storage emulator's blob service on a free port of loopback, with nothing on disk. */
export async function startAzurite(): Promise<Azurite> {
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  const options = ['--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence', '--skipApiVersionCheck'];
  const child = spawn(process.execPath, [main, ...options, '--disableTelemetry'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer): void => {
      text += String(chunk);
      const [, address] = /successfully listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(text) ?? [];
      if (address) resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`azurite ended with ${code}: ${text}`)));
  });
  const { credential } = new ContainerClient('UseDevelopmentStorage=true', 'any');
  return {
    async container(name) {
      const address = `${url}/devstoreaccount1/${name}`;
      await new ContainerClient(address, credential).create();
      return address;
    },
    async lease(container, blob) {
      await new ContainerClient(container, credential).getBlobClient(blob).getBlobLeaseClient().acquireLease(-1);
    },
    async stop() {
      // It keeps nothing; asked politely it waits for connections that tests left open.
      child.kill('SIGKILL');
      await ended;
    },
  };
}
