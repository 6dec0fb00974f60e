import { fnv1a } from '#shared/domain/fnv1a.ts';

/**
 * Picks a number for a text: chance as far as anyone can tell, yet the same each time, so that whoever repeats a decision decides the same.
 *
 * Texts that differ in their last character alone, as the ids of a schedule's jobs do, lie as far apart as any others.
 *
 * @returns From 0, below 1.
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp (fmix32)
 */
export function stableFraction(text: string): number {
  let bits = fnv1a(text);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
