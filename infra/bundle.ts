import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

/** The project's root, which entries are named from. */
const ROOT = dirname(import.meta.dirname);

/**
 * Where the output would lie. Nothing is written there, but source maps count from it, so that a bundle has the same bytes
 * wherever the assembly goes.
 */
const NOMINAL_OUTDIR = join(ROOT, 'cdk.out', 'bundle');

/**
 * Loads the bundle with source maps switched on, which Node does only for modules that are loaded afterwards. `NODE_OPTIONS`
 * would do the same, but a function's variables are its own list and no others.
 */
const LOADER = `process.setSourceMapsEnabled(true);
export const { handler } = await import('./main.mjs');
`;

/** The handler of every bundle, in Lambda's notation: the file `index.mjs`, its export `handler`. */
export const HANDLER = 'index.handler';

/**
 * Bundles one handler, with everything that it imports, into an asset of its own.
 *
 * The AWS SDK is part of it: Lambda's own copy moves under us. What a handler imports only on occasion (`await import`) stays in
 * chunks beside it, read on that occasion.
 *
 * @param entry - The handler's file, from the project's root, as `functions/serve-api/handler.ts`.
 * @param files - Further files of the bundle, by name: their text.
 * @throws esbuild's own error where the entry or an import of it is missing.
 */
export function bundle(entry: string, files: Readonly<Record<string, string>> = {}): AssetCode {
  return Code.fromAsset(join(ROOT, dirname(entry)), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // CDK asks for an image, and uses it only where the local bundler answers `false`; ours does or throws.
      image: DockerImage.fromRegistry('unused'),
      // Nothing runs this either, but CDK takes assets of one folder and one command for the same, and all tasks share a folder.
      command: [entry, JSON.stringify(files)],
      local: {
        tryBundle: (outdir) => {
          writeBundle(outdir, entry, files);
          return true;
        },
      },
    },
  });
}

/**
 * Writes a bundle's files. The same sources give the same bytes, on any machine and into any folder.
 *
 * `mainFields` prefers the SDK's ES modules: its CommonJS ones need a `require` that a module does not have.
 */
export function writeBundle(
  outdir: string,
  entry: string,
  files: Readonly<Record<string, string>>,
): void {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [{ in: entry, out: 'main' }],
    outdir: NOMINAL_OUTDIR,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'silent',
  });
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of outputFiles)
    writeFileSync(join(outdir, basename(path)), contents);
  for (const [name, text] of Object.entries({ ...files, 'index.mjs': LOADER }))
    writeFileSync(join(outdir, name), text);
}
