import { READ_ONLY_FIELDS, schedulePatch } from '#shared/contracts/schedule-body.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { parseBody } from './invalid-request.ts';
import { mergePatch } from './merge-patch.ts';
import { writtenFields } from './schedule-resource.ts';
import {
  type ScheduleDraft,
  type Understanding,
  understandSchedule,
} from './understand-schedule.ts';

/**
 * Reads a merge patch of a schedule in the light of the present one: what they make together is looked at as a whole body is.
 *
 * A policy that the patch takes out is the task's default again. What only Almanac writes cannot be patched: to leave that out in
 * silence, as PUT does, would look as if it had been done.
 *
 * @throws {AlmanacError} `request.invalid`
 */
export function patchSchedule(
  { definition }: StoredSchedule,
  body: unknown,
  understanding: Omit<Understanding, 'present'>,
): ScheduleDraft {
  const patch = parseBody(schedulePatch, body);
  const writable = Object.entries(patch).filter(([name]) => !READ_ONLY_FIELDS.has(name));
  const patched = mergePatch(writtenFields(definition), Object.fromEntries(writable));
  return understandSchedule(patched, {
    ...understanding,
    present: definition,
    alsoFound: Object.keys(patch).flatMap(findReadOnlyFault),
  });
}

function findReadOnlyFault(name: string): readonly RequestFault[] {
  if (!READ_ONLY_FIELDS.has(name)) return [];
  const instead = name === 'paused' ? ' Its `pause` and `resume` change that.' : '';
  return [
    {
      pointer: `/${name}`,
      code: 'field.invalid',
      detail: `Expected only fields that can be changed, got \`${name}\`.${instead}`,
    },
  ];
}
