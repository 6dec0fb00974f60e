/** Stands in a pointer for every member of an object and every element of a list. */
export const EVERY = '*';

/**
 * Reads a JSON pointer as its steps.
 *
 * @returns `undefined` for what is none, and for the empty one, which would be the whole.
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
export function parsePointer(text: string): readonly string[] | undefined {
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Writes steps as a JSON pointer. */
export function writePointer(steps: readonly (string | number)[]): string {
  return steps
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
