import type * as z from 'zod';
import type { FaultCode, RequestFault } from '#shared/domain/almanac-error.ts';

/** The faults of these fields have a code of their own. */
const CODE_OF_FIELD: Readonly<Record<string, FaultCode>> = {
  id: 'id.invalid',
  task: 'task.unknown',
  trigger: 'trigger.invalid',
  input: 'input.invalid',
  resultExpirationTime: 'retention.invalid',
  recordExpirationTime: 'retention.invalid',
  keepLast: 'retention.invalid',
  keepLastSuccess: 'retention.invalid',
  archive: 'retention.invalid',
  persist: 'retention.invalid',
  select: 'select.invalid',
  redact: 'redact.invalid',
  expiresAt: 'retention.invalid',
  pinned: 'retention.invalid',
  indexes: 'index.invalid',
  metrics: 'metric.invalid',
  metricsExpirationTime: 'retention.invalid',
};

/** A shown value is cut at this many characters. */
const LONGEST_SHOWN = 60;

/**
 * Turns all issues that a schema found into faults, each with its JSON pointer.
 *
 * The schema must have been run with `reportInput`, so that a fault can show what it got.
 */
export function faultsOf(error: z.ZodError): RequestFault[] {
  return error.issues.flatMap(faultsOfIssue);
}

/** Writes a path as a JSON pointer (RFC 6901). */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** Shows a value of a request in a sentence, cut to a length that cannot flood a reply. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function faultsOfIssue(issue: z.core.$ZodIssue): RequestFault[] {
  const inside = issue.code === 'invalid_union' ? issue.errors.find(isInside) : undefined;
  if (inside)
    return inside.flatMap((inner) =>
      faultsOfIssue({ ...inner, path: [...issue.path, ...inner.path] }),
    );
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key]),
      code: 'field.unknown',
      detail: `Expected only fields that are documented, got \`${shown(key).slice(1, -1)}\`.`,
    }));
  return [{ pointer: pointerOf(issue.path), code: codeOf(issue), detail: detailOf(issue) }];
}

/** Tells whether a union's member took the value for one of its kind and found fault with what is in it. */
function isInside(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.some(({ code, path }) => path.length > 0 || code === 'unrecognized_keys');
}

function codeOf({ path }: z.core.$ZodIssue): FaultCode {
  return CODE_OF_FIELD[String(path[0])] ?? 'field.invalid';
}

function detailOf(issue: z.core.$ZodIssue): string {
  // Our own messages are whole sentences; the schema library's are not in our form.
  if (issue.message.startsWith('Expected ')) return issue.message;
  const field = issue.path.length === 0 ? 'the body' : `\`${issue.path.map(String).join('.')}\``;
  return `Expected ${field} to be ${ruleOf(issue)}, got ${shown(issue.input)}.`;
}

function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return article(issue.expected);
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return issue.pattern === undefined ? `in the form ${issue.format}` : `like ${issue.pattern}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => shown(value)).join(', ')}`;
    default:
      return 'as documented';
  }
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters long' : '';
}

function article(type: string): string {
  if (type === 'int') return 'a whole number';
  if (type === 'record' || type === 'object') return 'an object';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
