import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFile } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the bytes of objects and parts lie, each under a name of its own that is never used again. */
export interface BlobStore {
  /** Stores bytes whole or not at all; nothing refers to them until the caller notes the name. */
  write(bytes: Buffer): Promise<string>;
  /** Reads bytes that are there when it is called, even if they are removed before it has finished. */
  read(name: string): Promise<Buffer>;
  /** Forgets bytes; a name that is not there is no error. */
  remove(name: string): Promise<void>;
}

/** Keeps bytes in this process, for clouds without a data directory. */
export function memoryBlobStore(): BlobStore {
  const blobs = new Map<string, Buffer>();
  return {
    write: (bytes) => {
      const name = randomUUID();
      blobs.set(name, Buffer.from(bytes));
      return Promise.resolve(name);
    },
    read: (name) => {
      const bytes = blobs.get(name);
      return bytes ? Promise.resolve(bytes) : Promise.reject(new Error(`No bytes under ${name}.`));
    },
    remove: (name) => {
      blobs.delete(name);
      return Promise.resolve();
    },
  };
}

/** Keeps bytes as files, written beside and then renamed, so that a crash leaves no half of an object. */
export async function fileBlobStore(directory: string): Promise<BlobStore> {
  await mkdir(directory, { recursive: true });
  return {
    write: async (bytes) => {
      const name = randomUUID();
      const unfinished = join(directory, `${name}.part`);
      await writeFile(unfinished, bytes);
      await rename(unfinished, join(directory, name));
      return name;
    },
    read: async (name) => {
      // Opened at once: a removal that is asked for later cannot overtake it.
      const descriptor = openSync(join(directory, name), 'r');
      try {
        return await readWhole(descriptor);
      } finally {
        closeSync(descriptor);
      }
    },
    remove: (name) => rm(join(directory, name), { force: true }),
  };
}

function readWhole(descriptor: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    readFile(descriptor, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** Removes the files that a crash left: those that nothing refers to. */
export async function removeStrayFiles(
  directory: string,
  referred: ReadonlySet<string>,
): Promise<void> {
  const names = await readdir(directory);
  const strays = names.filter((name) => !referred.has(name));
  await Promise.all(strays.map((name) => rm(join(directory, name), { force: true })));
}
