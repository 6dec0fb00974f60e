import * as z from 'zod';
import { createInstantWriter } from '#cli/preview/instant-writer.ts';
import type { Line } from '#cli/preview/line-batches.ts';
import { countRule, LARGEST_COUNT } from '#cli/preview/read-count.ts';
import type { TriggerReader } from '#cli/preview/trigger-reader.ts';
import { writeTrigger } from '#cli/preview/write-trigger.ts';
import { faultsOf } from '#shared/contracts/faults-of.ts';
import { instant } from '#shared/contracts/instant.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { takeFireTimes } from '#shared/domain/schedule/preview.ts';
import { MaxIterationsReached } from '#shared/domain/triggers/combined-rule.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

/** In whose light a line is answered. */
export interface LineContext {
  readonly reader: TriggerReader;
  /** For lines without `after`. */
  after(): EpochSeconds;
  /** For lines without `count`. */
  readonly count: number;
  /** For lines without `timeZone`, whose triggers do not name one either. */
  readonly timeZone?: string;
}

/** A line of so many bytes is refused unread. */
export const LONGEST_LINE_BYTES = 1_048_576;

/** Deeper nesting would overflow the stack of whatever walks it. */
const DEEPEST_NESTING = 100;

/** More of an error than this helps nobody. */
const LONGEST_MESSAGE = 4_096;

const lineForm = z.strictObject(
  {
    id: z
      .union([z.string(), z.number(), z.null()], { error: 'Expected `id` to be text or a number' })
      .default(null),
    trigger: z.unknown().optional(),
    timeZone: z.string().exactOptional(),
    after: instant('after').exactOptional(),
    count: z
      .int({ error: countRule })
      .min(1, { error: countRule })
      .max(LARGEST_COUNT, { error: countRule })
      .exactOptional(),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type' ? 'Expected the line to be an object' : undefined,
  },
);

const writeInstant = createInstantWriter();

type Id = string | number | null;
type Fault = { readonly code: string; readonly detail: string };

/**
 * Answers one line `{"id","trigger","after","count"}` with one line of JSON: the fire times, or what is wrong.
 *
 * @returns Without the line's end; `undefined` for a blank line.
 */
export function previewLine(line: Line, context: LineContext): string | undefined {
  if (line === undefined) {
    const detail = `Expected a line of at most ${LONGEST_LINE_BYTES} bytes, got a longer one`;
    return refuse(null, [{ code: 'body.too-large', detail }]);
  }
  // A byte order mark counts as white space here.
  const text = line.trim();
  return text === '' ? undefined : answer(text, context);
}

function answer(text: string, context: LineContext): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    return refuse(null, [
      { code: 'body.malformed', detail: `Expected a line of JSON, got what is not: ${why}` },
    ]);
  }
  if (text.length > 2 * DEEPEST_NESTING && isDeeper(json, DEEPEST_NESTING)) {
    const detail = `Expected JSON nested at most ${DEEPEST_NESTING} deep, got deeper nesting`;
    return refuse(idOf(json), [{ code: 'body.malformed', detail }]);
  }
  const { data, error } = lineForm.safeParse(json, { reportInput: true });
  if (error) return refuse(idOf(json), faultsOf(error));
  const { id, after = context.after(), count = context.count } = data;
  const written = writeTrigger(data.trigger, data.timeZone ?? context.timeZone);
  const parsed = written.ok ? context.reader.read(written.json, after) : written;
  if (!parsed.ok) return refuse(id, parsed.faults);
  return show(id, parsed.trigger, { after, count });
}

function show(
  id: Id,
  trigger: Trigger,
  { after, count }: { readonly after: EpochSeconds; readonly count: number },
): string {
  try {
    const fires = takeFireTimes(trigger, after, count);
    // Of a trigger that another schedule fires nobody can tell.
    const exhausted = trigger.kind !== 'after' && fires.length < count;
    return JSON.stringify({ id, fires: fires.map(writeInstant), exhausted });
  } catch (error) {
    if (!(error instanceof MaxIterationsReached)) throw error;
    return refuse(id, [{ code: error.code, detail: error.message }]);
  }
}

function refuse(id: Id, faults: readonly Fault[]): string {
  const details = faults.map(({ detail }) => detail.replace(/\.$/, ''));
  const code = faults[0]?.code ?? 'internal';
  const message = details.join('. ').slice(0, LONGEST_MESSAGE);
  return JSON.stringify({ id, error: { code, message } });
}

function idOf(json: unknown): Id {
  const id: unknown = typeof json === 'object' && json !== null && 'id' in json ? json.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

function isDeeper(json: unknown, depth: number): boolean {
  if (typeof json !== 'object' || json === null) return false;
  return depth === 0 || Object.values(json).some((member) => isDeeper(member, depth - 1));
}
