import { readAssembly } from '#local/template/read-assembly.ts';

/** The code of one function, as it is deployed. */
export interface FunctionBundle {
  /** The function's part of the stack, as `ServeApi` or `Tasksalesreport`. */
  readonly name: string;
  readonly directory: string;
  /** The names of the variables that it is deployed with. */
  readonly variables: readonly string[];
}

/** Lists the bundles of a cloud assembly, in the order of its template. */
export function functionBundles(assembly: string): readonly FunctionBundle[] {
  const { template, assetPath } = readAssembly(assembly);
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
    .map(([logicalId, { Properties }]) => ({
      name: logicalId.replace(/Function[0-9A-F]{8}$/, ''),
      directory: assetPath(String(Object(Properties['Code']).S3Key)),
      variables: Object.keys(Object(Object(Properties['Environment']).Variables)),
    }));
}
