import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';

/** Writes an instant as a member of an event, as ISO 8601; no member where there is none. */
export function instantMember(
  name: string,
  at: EpochSeconds | undefined,
): Readonly<Record<string, string>> {
  return at === undefined ? {} : { [name]: toIso(at) };
}
