const NEWLINE = 0x0a;

/** A line; `undefined` stands for one that was too long. */
export type Line = string | undefined;

/**
 * Cuts a stream of bytes into lines, as many at a time as one chunk ends.
 *
 * A line that is too long is not kept while it is read: memory stays bounded whatever comes.
 *
 * @param longestBytes - Without the line's end.
 */
export async function* lineBatches(
  input: AsyncIterable<Uint8Array>,
  longestBytes: number,
): AsyncGenerator<readonly Line[], void, undefined> {
  const rest = new LineRest(longestBytes);
  for await (const bytes of input) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      lines.push(rest.endWith(chunk.subarray(from, end)));
      from = end + 1;
    }
    rest.add(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (!rest.isEmpty) yield [rest.endWith(Buffer.alloc(0))];
}

/** The beginning of a line whose end has not come yet. */
class LineRest {
  readonly #longestBytes: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(longestBytes: number) {
    this.#longestBytes = longestBytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#bytes += piece.length;
    if (this.#bytes > this.#longestBytes) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  endWith(piece: Buffer): Line {
    const bytes = this.#bytes + piece.length;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    if (bytes > this.#longestBytes) return undefined;
    return pieces.length === 0 ? piece.toString() : Buffer.concat([...pieces, piece]).toString();
  }
}
