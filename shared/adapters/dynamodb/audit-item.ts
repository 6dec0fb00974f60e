import * as z from 'zod';
import { AUDIT_KEPT_SECONDS, AUDIT_PHASES, type Audit } from '#shared/domain/audit/audit.ts';
import type { Tally } from '#shared/domain/audit/tally.ts';

const count = z.number();
const weight = z.object({ objects: count, bytes: count });
const named = weight.extend({ examples: z.array(z.string()) });
const found = named.extend({ repaired: count });
const jobs = weight.extend({ jobs: count });
const byKind = z.record(z.string(), weight);

const auditAttributes = z.object({
  part: z.string(),
  by: z.string(),
  canRepair: z.boolean(),
  requestedAt: z.int(),
  startedAt: z.int().exactOptional(),
  finishedAt: z.int().exactOptional(),
  phase: z.enum(AUDIT_PHASES),
  cursor: z.string().exactOptional(),
  step: z.int(),
  findings: z.object({
    results: weight,
    byClass: byKind,
    byAge: byKind,
    ranked: z.array(weight.extend({ scheduleId: z.string(), class: z.string() })),
    orphans: found,
    shared: weight,
    pending: weight,
    unknown: named,
    unsettled: z.object({ waiting: weight, overdue: named, leftovers: found }),
    jobs: z.object({
      settled: count,
      compared: count,
      notCompared: count,
      missing: z.object({ jobs: count, examples: z.array(z.string()) }),
      leaving: z.object({ expired: jobs, byDay: z.record(z.string(), jobs), later: jobs }),
    }),
  }),
  tally: z.instanceof(Uint8Array),
});

/** Writes an audit as the attributes of its item, its key aside: 4 KB, and at most some 12 KB of findings. */
export function auditItem({ id: _, tally, ...audit }: Audit): Record<string, unknown> {
  return {
    ...audit,
    tally: toBytes(tally),
    expiresAt: audit.requestedAt + AUDIT_KEPT_SECONDS,
  };
}

/**
 * Reads an audit from its item.
 *
 * @throws a schema error for an item that Almanac did not write.
 */
export function auditFromItem(item: unknown): Audit {
  const { part: id, tally, ...audit } = auditAttributes.parse(item);
  return { id, ...audit, tally: fromBytes(tally) };
}

const WORD_BYTES = Uint32Array.BYTES_PER_ELEMENT;

/** In one order of bytes, whatever the processor's. */
function toBytes(tally: Tally): Uint8Array {
  const view = new DataView(new ArrayBuffer(tally.length * WORD_BYTES));
  for (const [at, word] of tally.entries()) view.setUint32(at * WORD_BYTES, word);
  return new Uint8Array(view.buffer);
}

function fromBytes(bytes: Uint8Array): Tally {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.byteLength / WORD_BYTES }, (_, at) =>
    view.getUint32(at * WORD_BYTES),
  );
}
