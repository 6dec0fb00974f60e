import type * as z from 'zod';
import { invalid, schedulerFault } from '#local/services/scheduler/scheduler-fault.ts';

/**
 * Checks the members of a request against their constraints, and reports all violations together.
 *
 * A `null` counts as absent and a member that the schema does not know is dropped, as AWS does with both.
 *
 * @throws {ServiceFault} `ValidationException` in the words of Smithy's constraints, or `SerializationException` for a member
 * of another JSON type.
 * @see https://smithy.io/2.0/spec/constraint-traits.html
 */
export function checkMembers<Members>(schema: z.ZodType<Members>, input: unknown): Members {
  const given = withoutNulls(input);
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const violations = result.error.issues.map((issue) => describe(issue, given));
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'}`;
  throw invalid(`${count} detected: ${violations.join('; ')}`);
}

/**
 * Reads a JSON body; an empty one is an empty object.
 *
 * @throws {ServiceFault} `SerializationException` for what is no JSON object.
 */
export function parseBody(body: Buffer): Readonly<Record<string, unknown>> {
  const parsed = body.length === 0 ? {} : parseJson(body.toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw schedulerFault('SerializationException', 'Unexpected value instead of a JSON object.');
  return { ...parsed };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

function describe(issue: z.core.$ZodIssue, input: unknown): string {
  const value = valueAt(input, issue.path);
  const shown = value === undefined ? 'null' : `'${String(value)}'`;
  return `Value ${shown} at '${pathOf(issue.path)}' failed to satisfy constraint: ${constraintOf(issue, value)}`;
}

function constraintOf(issue: z.core.$ZodIssue, value: unknown): string {
  const measure = typeof value === 'number' ? 'value' : 'length';
  switch (issue.code) {
    case 'too_small':
      return `Member must have ${measure} greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return `Member must have ${measure} less than or equal to ${issue.maximum}`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${issue.pattern?.slice(1, -1)}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.map(String).join(', ')}]`;
    default:
      if (value === undefined) return 'Member must not be null';
      throw schedulerFault(
        'SerializationException',
        `Unexpected ${Array.isArray(value) ? 'list' : typeof value} at '${pathOf(issue.path)}'.`,
      );
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return value;
}

/** Smithy names members in lower camel case, and list members from one. */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key) =>
      typeof key === 'number'
        ? `${key + 1}.member`
        : `${String(key).charAt(0).toLowerCase()}${String(key).slice(1)}`,
    )
    .join('.');
}
