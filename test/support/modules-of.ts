import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Some files of a bundle, and what they were made of. */
export interface BundledModules {
  /** The length of the files' code. */
  readonly bytes: number;
  /** The paths of the sources, as their source maps tell. */
  readonly modules: readonly string[];
}

/** What a minified module imports before it runs; what it imports on occasion, as `import("./x.mjs")`, is not among it. */
const STATIC_IMPORT = /(?:\bimport|\bfrom)\s*"\.\/([^"]+\.mjs)"/g;

/** Finds what is read whenever a function starts: its entry, and all that this imports at once. */
export function modulesAtStart(directory: string): BundledModules {
  const files = new Set<string>();
  const follow = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    const code = readFileSync(join(directory, file), 'utf8');
    for (const [, imported = ''] of code.matchAll(STATIC_IMPORT)) follow(imported);
  };
  follow('main.mjs');
  return describeFiles(directory, [...files]);
}

/** Finds all that a function's bundle holds. */
export function allModules(directory: string): BundledModules {
  const files = readdirSync(directory).filter((file) => file.endsWith('.mjs'));
  return describeFiles(directory, files);
}

function describeFiles(directory: string, files: readonly string[]): BundledModules {
  const maps = new Set(readdirSync(directory).filter((file) => file.endsWith('.map')));
  return {
    bytes: files.reduce((sum, file) => sum + statSync(join(directory, file)).size, 0),
    modules: files
      .filter((file) => maps.has(`${file}.map`))
      .flatMap(
        (file): string[] =>
          JSON.parse(readFileSync(join(directory, `${file}.map`), 'utf8')).sources,
      ),
  };
}
