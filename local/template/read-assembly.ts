import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { parseTemplate, type Template } from '#local/template/parse-template.ts';

/** What `cdk synth` has written for one stack. */
export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /**
   * Finds the folder or file that an S3 key of the template stands for.
   *
   * @param objectKey - As in `Code.S3Key`.
   * @returns An absolute path if the assembly's folder was one.
   * @throws when the assembly has no such asset.
   */
  assetPath(objectKey: string): string;
}

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .object({ templateFile: z.string(), stackName: z.string(), file: z.string() })
        .partial()
        .optional(),
    }),
  ),
});

const assetsSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/**
 * Reads a synthesized cloud assembly of exactly one stack.
 *
 * @param directory - As `cdk.out`.
 * @throws {TemplateError} for a template that cannot be read; an `Error` when there is not exactly one stack.
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cloud-assembly-schema/README.md
 */
export function readAssembly(directory: string): Assembly {
  const { artifacts } = manifestSchema.parse(readJson(directory, 'manifest.json'));
  const stacks = Object.entries(artifacts).filter(
    ([, { type }]) => type === 'aws:cloudformation:stack',
  );
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1)
    throw new Error(
      `Expected one stack in ${directory}, got ${stacks.length}: ${stacks.map(([id]) => id).join(', ')}.`,
    );
  const [artifactId, { properties }] = stack;
  const sources = readAssets(directory, Object.values(artifacts));
  return {
    stackName: properties?.stackName ?? artifactId,
    template: parseTemplate(
      readJson(directory, properties?.templateFile ?? `${artifactId}.template.json`),
    ),
    assetPath: (objectKey) => {
      const path = sources.get(objectKey);
      if (path === undefined)
        throw new Error(`Expected an asset in ${directory} for the key ${objectKey}, got none.`);
      return path;
    },
  };
}

function readAssets(
  directory: string,
  artifacts: readonly z.infer<typeof manifestSchema>['artifacts'][string][],
): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { type, properties } of artifacts) {
    if (type !== 'cdk:asset-manifest' || properties?.file === undefined) continue;
    const { files } = assetsSchema.parse(readJson(directory, properties.file));
    for (const { source, destinations } of Object.values(files))
      for (const { objectKey } of Object.values(destinations))
        sources.set(objectKey, join(directory, source.path));
  }
  return sources;
}

function readJson(directory: string, file: string): unknown {
  return JSON.parse(readFileSync(join(directory, file), 'utf8'));
}
