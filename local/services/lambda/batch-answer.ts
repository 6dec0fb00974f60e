import * as z from 'zod';
import { jsonOr } from '#local/services/lambda/json-or.ts';

/** What a function that reports partial failures says of its batch. */
export type BatchVerdict =
  | { readonly kind: 'succeeded' }
  /** At least one, each an identifier of the batch. */
  | { readonly kind: 'partly-failed'; readonly identifiers: ReadonlySet<string> }
  | { readonly kind: 'failed' };

const batchAnswer = z.nullable(
  z.object({
    batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
  }),
);

/**
 * Reads the answer of a function with `ReportBatchItemFailures`.
 *
 * An answer without failures, an empty one or `null` is a success; one that cannot be read, or names an item that the
 * batch does not hold, fails the batch whole.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function batchVerdict(payload: Buffer, identifiers: ReadonlySet<string>): BatchVerdict {
  const answer = batchAnswer.safeParse(parsed(payload));
  if (!answer.success) return { kind: 'failed' };
  const failed = new Set(answer.data?.batchItemFailures?.map((item) => item.itemIdentifier));
  if (failed.size === 0) return { kind: 'succeeded' };
  if (!failed.isSubsetOf(identifiers)) return { kind: 'failed' };
  return { kind: 'partly-failed', identifiers: failed };
}

function parsed(payload: Buffer): unknown {
  const text = payload.toString();
  return text === '' || text === '""' ? null : jsonOr(text, undefined);
}
