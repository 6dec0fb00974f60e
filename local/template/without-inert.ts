import type { Json } from '#local/template/parse-template.ts';

/**
 * Takes properties without an effect out of a resource's resolved properties.
 *
 * @param paths - Names joined by dots. A path goes into each element of a list, with or without a `*` for the elements.
 * @returns A copy; an object that a path empties stays, empty.
 */
export function withoutInert(properties: Json, paths: readonly string[]): Json {
  return paths.reduce((rest, path) => without(rest, path.split('.')), properties);
}

function without(value: Json, [name, ...rest]: readonly string[]): Json {
  if (name === undefined) return value;
  if (Array.isArray(value))
    return value.map((element: Json) => without(element, name === '*' ? rest : [name, ...rest]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => rest.length > 0 || key !== name)
      .map(([key, member]) => [key, key === name ? without(member, rest) : member]),
  );
}
