import type { Sketch, SketchBin } from '#shared/domain/rollup/sketch.ts';

/** Seven bits of a number to a byte, lowest first; the eighth says that more follow. */
const RADIX = 128;

/**
 * Writes a sketch as bytes, two or three for most bins: how far each key is from the one before, and the count.
 *
 * @see https://protobuf.dev/programming-guides/encoding/#varints
 */
export function encodeSketch(sketch: Sketch): Uint8Array {
  const bytes: number[] = [];
  let before = 0;
  for (const [at, [key, count]] of sketch.entries()) {
    // Only the first may be below 0: the others are above the one before.
    write(at === 0 ? zigzag(key) : key - before, bytes);
    write(count, bytes);
    before = key;
  }
  return Uint8Array.from(bytes);
}

/** Reads what {@link encodeSketch} wrote. */
export function decodeSketch(bytes: Uint8Array): Sketch {
  const numbers = [...read(bytes)];
  const bins: SketchBin[] = [];
  let key = 0;
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    const step = numbers[at] ?? 0;
    key = at === 0 ? unzigzag(step) : key + step;
    bins.push([key, numbers[at + 1] ?? 0]);
  }
  return bins;
}

/** Shifts of JavaScript would cut a count off at 32 bits. */
function write(number: number, bytes: number[]): void {
  let rest = number;
  for (; rest >= RADIX; rest = Math.floor(rest / RADIX)) bytes.push((rest % RADIX) + RADIX);
  bytes.push(rest);
}

function* read(bytes: Uint8Array): Generator<number> {
  let [number, factor] = [0, 1];
  for (const byte of bytes) {
    number += (byte % RADIX) * factor;
    factor *= RADIX;
    if (byte >= RADIX) continue;
    yield number;
    [number, factor] = [0, 1];
  }
}

function zigzag(number: number): number {
  return number < 0 ? -2 * number - 1 : 2 * number;
}

function unzigzag(number: number): number {
  return number % 2 === 1 ? -(number + 1) / 2 : number / 2;
}
