/**
 * Reads the variables that a function is deployed with.
 *
 * @param names - The function's own list, from its `environment.ts`, which the stack reads too.
 * @throws an Error that names every variable that is missing or empty.
 */
export function readEnvironment<Name extends string>(
  names: readonly Name[],
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !variables[name]);
  if (missing.length > 0)
    throw new Error(
      `Expected the variables ${missing.join(', ')} to be set on this function; deploy the stack again.`,
    );
  const read: Partial<Record<Name, string>> = {};
  for (const name of names) read[name] = variables[name] ?? '';
  return read as Record<Name, string>;
}
