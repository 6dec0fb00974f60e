import { utf8Bytes } from '#shared/domain/result/utf8.ts';

/** A job's tags are at most so many bytes in its row and in each index entry, separators included. */
export const LARGEST_TAGS_BYTES = 192;

/** Stands before, between and behind tags, so that each can be looked for whole; no tag contains it. */
const SEPARATOR = '\n';

/**
 * Picks out of a job's metadata what it can be found by: each member whose value is a text, a number or a boolean, as `team:sales`.
 *
 * A member that spans lines is no tag. Of the others the first ones are that fit into {@link LARGEST_TAGS_BYTES} together.
 */
export function tagsOf(metadata: Readonly<Record<string, unknown>>): readonly string[] {
  const tags: string[] = [];
  let bytes = SEPARATOR.length;
  for (const [name, value] of Object.entries(metadata)) {
    const tag = `${name}:${value}`;
    if (!isScalar(value) || tag.includes(SEPARATOR)) continue;
    bytes += utf8Bytes(tag) + SEPARATOR.length;
    if (bytes > LARGEST_TAGS_BYTES) break;
    tags.push(tag);
  }
  return tags;
}

/** Tells whether metadata has a member that is this tag, also where it does not fit among the tags that jobs are found by. */
export function hasTag(metadata: Readonly<Record<string, unknown>>, tag: string): boolean {
  return Object.entries(metadata).some(
    ([name, value]) => isScalar(value) && `${name}:${value}` === tag,
  );
}

/** Writes tags as one text, in which {@link tagFragment} is found; `undefined` where there are none. */
export function tagText(tags: readonly string[]): string | undefined {
  return tags.length === 0 ? undefined : `${SEPARATOR}${tags.join(SEPARATOR)}${SEPARATOR}`;
}

/** Reads tags out of their text. */
export function tagsIn(text: string): readonly string[] {
  return text.split(SEPARATOR).filter((tag) => tag !== '');
}

/** Writes the part of a {@link tagText} that one tag is. */
export function tagFragment(tag: string): string {
  return `${SEPARATOR}${tag}${SEPARATOR}`;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
