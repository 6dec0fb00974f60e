import { createHmac } from 'node:crypto';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import { queryJson } from '#shared/domain/result/query-json.ts';
import { redact } from '#shared/domain/result/redact.ts';
import type { RedactionKey } from '#shared/ports/redaction-key.ts';

/** A result as its schedule wants it kept, or why nothing of it is. */
export type ShapedResult =
  | {
      readonly kind: 'shaped';
      readonly value: unknown;
      /** Pointers of `redact` that led to nothing in this result. */
      readonly unmatched: readonly string[];
    }
  | { readonly kind: 'not-selected'; readonly reason: string };

/** As many bytes of a digest as nobody finds two equal ones of. */
const DIGEST_BYTES = 16;

/**
 * Takes out of a result what is not to be stored, then picks what is.
 *
 * Redacting comes first: whatever `select` does, it never sees what was taken out. Without the key, what was to be hashed is dropped.
 *
 * @param value - As `JSON.parse` gives it.
 * @throws {AlmanacError} `store.unavailable` where the key could not be read.
 */
export async function shapeResult(
  value: unknown,
  policy: Pick<StartPolicy, 'redact' | 'select'>,
  redactionKey: RedactionKey,
): Promise<ShapedResult> {
  const redacted = await redactBy(value, policy, redactionKey);
  if (policy.select === undefined) return { kind: 'shaped', ...redacted };
  const selected = queryJson(policy.select, redacted.value);
  if (selected.kind === 'failed')
    return { kind: 'not-selected', reason: `\`select\` failed: ${selected.reason}` };
  if (selected.value === null) return { kind: 'not-selected', reason: '`select` found nothing' };
  return { kind: 'shaped', value: selected.value, unmatched: redacted.unmatched };
}

async function redactBy(
  value: unknown,
  { redact: redaction }: Pick<StartPolicy, 'redact'>,
  redactionKey: RedactionKey,
): Promise<{ readonly value: unknown; readonly unmatched: readonly string[] }> {
  if (!redaction) return { value, unmatched: [] };
  const { drop = [], hash = [] } = redaction;
  const key = hash.length > 0 ? await redactionKey() : undefined;
  if (!key) return redact(value, { drop: [...drop, ...hash] }, String);
  return redact(value, redaction, (canonical) => digestOf(canonical, key));
}

function digestOf(canonical: string, key: Uint8Array): string {
  const digest = createHmac('sha256', key).update(canonical).digest();
  return `hmac:${digest.subarray(0, DIGEST_BYTES).toString('base64url')}`;
}
