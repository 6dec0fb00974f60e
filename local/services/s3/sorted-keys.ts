/** First of the UTF-16 code units that do not sort as their code points do. */
const FIRST_SURROGATE = 0xd800;
const FIRST_AFTER_SURROGATES = 0xe000;

/**
 * Keys in the order in which S3 lists them: that of their UTF-8 bytes.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html
 */
export class SortedKeys {
  readonly #keys: string[];

  constructor(keys: Iterable<string>) {
    this.#keys = [...keys].sort(byUtf8);
  }

  add(key: string): void {
    const at = this.#firstWhere((each) => byUtf8(each, key) >= 0);
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key);
  }

  delete(key: string): void {
    const at = this.#firstWhere((each) => byUtf8(each, key) >= 0);
    if (this.#keys[at] === key) this.#keys.splice(at, 1);
  }

  /** Gives the first key after another. */
  after(key: string): string | undefined {
    return this.#keys[this.#firstWhere((each) => byUtf8(each, key) > 0)];
  }

  /** Gives the first key that is not before another. */
  from(key: string): string | undefined {
    return this.#keys[this.#firstWhere((each) => byUtf8(each, key) >= 0)];
  }

  /** Gives the first key after all that begin with a prefix. */
  past(prefix: string): string | undefined {
    return this.#keys[
      this.#firstWhere((each) => byUtf8(each, prefix) > 0 && !each.startsWith(prefix))
    ];
  }

  #firstWhere(isReached: (key: string) => boolean): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isReached(this.#keys[middle] ?? '')) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Compares as UTF-8 bytes do, which differs from comparing strings where one has a surrogate pair. */
export function byUtf8(one: string, other: string): number {
  if (one === other) return 0;
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = rank(one.charCodeAt(at)) - rank(other.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function rank(codeUnit: number): number {
  const isSurrogate = codeUnit >= FIRST_SURROGATE && codeUnit < FIRST_AFTER_SURROGATES;
  return isSurrogate ? codeUnit + 0x1_0000 : codeUnit;
}
