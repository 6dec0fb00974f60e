import type { Json } from '#local/template/parse-template.ts';

/** What `AWS::NoValue` resolves to: the member or element that has it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** A value without intrinsic functions. */
export type Resolved = Json | typeof NO_VALUE;

/** What the intrinsic functions of a template may look up; a method throws a {@link ResolveFault} when it cannot. */
export interface ResolveScope {
  /** Gives what `Ref` stands for: a parameter, a pseudo parameter or a resource. */
  reference(name: string): Resolved;
  attribute(logicalId: string, name: string): string;
  condition(name: string): boolean;
  mapping(keys: readonly [name: string, top: string, second: string]): Json;
  /** Takes a fault that does not keep the rest of the value from being looked at. */
  report(fault: string): void;
}

/** A value that cannot be resolved, in a sentence that does not say where. */
export class ResolveFault extends Error {
  override readonly name = 'ResolveFault';
}

/** A value that cannot be resolved because of a fault that has been reported already. */
export class FollowingFault extends ResolveFault {}

interface Place {
  readonly path: string;
  readonly scope: ResolveScope;
}

/**
 * Resolves the intrinsic functions in a value of a template.
 *
 * Strict: a function that is not known, or an argument of the wrong form, is a fault and never left as it is.
 *
 * @param path - Where the value stands, as `Resources.Table.Properties`; faults begin with it.
 * @returns The value; members whose faults were reported are left out.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function resolveValue(value: Json, path: string, scope: ResolveScope): Resolved {
  if (Array.isArray(value)) return resolveList(value, path, scope);
  if (typeof value !== 'object' || value === null) return value;
  const name = Object.keys(value).find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (name === undefined) return resolveMembers(Object.entries(value), path, scope);
  const place = { path: `${path}.${name}`, scope };
  return reporting(place, () => {
    if (Object.keys(value).length > 1) throw new ResolveFault(`Expected ${name} to stand alone.`);
    const apply = INTRINSICS[name];
    if (apply === undefined)
      throw new ResolveFault(
        `Expected a function that the local cloud knows, got ${name}. Teach it to the resolver, or write the template without it.`,
      );
    return apply(value[name] ?? null, place);
  });
}

function resolveMembers(
  members: readonly (readonly [string, Json])[],
  path: string,
  scope: ResolveScope,
): Json {
  const resolved: Record<string, Json> = {};
  for (const [key, member] of members) {
    const value = resolveValue(member, `${path}.${key}`, scope);
    if (value !== NO_VALUE) resolved[key] = value;
  }
  return resolved;
}

function resolveList(elements: readonly Json[], path: string, scope: ResolveScope): Json[] {
  return elements
    .map((element, index) => resolveValue(element, `${path}[${index}]`, scope))
    .filter((element) => element !== NO_VALUE);
}

function reporting(place: Place, resolve: () => Resolved): Resolved {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof ResolveFault)) throw error;
    if (!(error instanceof FollowingFault)) place.scope.report(`${place.path}: ${error.message}`);
    return NO_VALUE;
  }
}

const INTRINSICS: Readonly<Record<string, (argument: Json, place: Place) => Resolved>> = {
  Ref: (argument, { scope }) => scope.reference(text(argument, 'a name')),
  'Fn::GetAtt': getAttribute,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
  'Fn::Base64': (argument, place) => Buffer.from(resolveText(argument, place)).toString('base64'),
};

function getAttribute(argument: Json, place: Place): string {
  const [logicalId, ...rest] =
    typeof argument === 'string' ? argument.split('.') : list(argument, 'a resource and a name');
  const name = rest.map((part) => resolveText(part, place)).join('.');
  return place.scope.attribute(text(logicalId ?? null, 'a logical id'), name);
}

function join(argument: Json, place: Place): string {
  const [separator = null, parts = null] = list(argument, 'a separator and a list', 2);
  return resolvedList(parts, place)
    .map((part) => text(part, 'texts to join'))
    .join(text(separator, 'a separator'));
}

function substitute(argument: Json, place: Place): string {
  const [template = null, variables = {}] =
    typeof argument === 'string' ? [argument] : list(argument, 'a text and its variables', 2);
  if (typeof variables !== 'object' || variables === null || Array.isArray(variables))
    throw expected('variables by name', variables);
  const own = new Map(Object.entries(variables));
  return text(template, 'a text').replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const variable = own.get(name);
    if (variable !== undefined) return resolveText(variable, place);
    const [logicalId = '', ...attribute] = name.split('.');
    return attribute.length > 0
      ? place.scope.attribute(logicalId, attribute.join('.'))
      : text(place.scope.reference(name), `a text for \${${name}}`);
  });
}

function select(argument: Json, place: Place): Json {
  const [index = null, from = null] = list(argument, 'an index and a list', 2);
  const position = Number(resolveText(index, place));
  const element = resolvedList(from, place)[position];
  if (element === undefined) throw expected('an index within the list', position);
  return element;
}

function split(argument: Json, place: Place): Json {
  const [separator = null, source = null] = list(argument, 'a separator and a text', 2);
  return resolveText(source, place).split(text(separator, 'a separator'));
}

function choose(argument: Json, { path, scope }: Place): Resolved {
  const [condition = null, whenTrue = null, whenFalse = null] = list(argument, 'three parts', 3);
  return scope.condition(text(condition, "a condition's name"))
    ? resolveValue(whenTrue, `${path}[1]`, scope)
    : resolveValue(whenFalse, `${path}[2]`, scope);
}

function findInMap(argument: Json, place: Place): Json {
  const [name = null, top = null, second = null] = list(argument, 'a map and two keys', 3);
  return place.scope.mapping([
    resolveText(name, place),
    resolveText(top, place),
    resolveText(second, place),
  ]);
}

function resolveText(value: Json, { path, scope }: Place): string {
  return text(resolveValue(value, path, scope), 'a text');
}

function resolvedList(value: Json, { path, scope }: Place): readonly Json[] {
  return list(resolveValue(value, path, scope), 'a list');
}

function text(value: Resolved, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw expected(what, value);
}

function list(value: Resolved, what: string, length?: number): readonly Json[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length))
    throw expected(what, value);
  return value;
}

function expected(what: string, got: Resolved): ResolveFault {
  return new ResolveFault(
    `Expected ${what}, got ${got === NO_VALUE ? 'no value' : JSON.stringify(got)}.`,
  );
}
