import { fromIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { factAttributes, settleAttributes } from '#shared/domain/job/job-row.ts';
import { atExpiry } from '#shared/domain/result/at-expiry.ts';
import type { Item } from '#shared/domain/result/item-bytes.ts';

/** Writes a settled job as the item of its row, with what a claim leaves in it. */
export function settledItem(job: Job): Item {
  const { key, outcome = 'success', finishedAt = '', startedAt, durationMs, error } = job;
  const { content, resultBytes = 0, resultExpiresAt, expiresAt = 0, attempt, owner } = job;
  return {
    ...factAttributes(job),
    attempt,
    owner,
    startedAt,
    ...settleAttributes(key, {
      outcome,
      finishedAt: fromIso(finishedAt) ?? 0,
      ...(durationMs !== undefined && { durationMs }),
      ...(error && { error }),
      ...(content && { result: { bytes: resultBytes, content, ...comparisonOf(job) } }),
      ...(job.indexes && { indexes: job.indexes }),
      expiry: {
        ...(resultExpiresAt !== undefined && { resultExpiresAt }),
        expiresAt,
        rule: 'schedule:default',
        ...atExpiry(job),
      },
    }),
  };
}

function comparisonOf({ resultHash, sameAs }: Job) {
  const hash = resultHash === undefined ? {} : { hash: resultHash };
  return sameAs === undefined
    ? ({ state: 'stored', ...hash } as const)
    : ({ state: 'unchanged', sameAs, ...hash } as const);
}
