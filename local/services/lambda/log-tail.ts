/** What `X-Amz-Log-Result` holds. See https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const TAIL_BYTES = 4096;

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

/** The last 4 KB that an environment wrote in its current invocation. */
export class LogTail {
  #chunks: Buffer[] = [];
  #bytes = 0;

  append(chunk: Buffer): void {
    const kept = chunk.subarray(-TAIL_BYTES);
    this.#chunks.push(kept);
    this.#bytes += kept.length;
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= TAIL_BYTES)
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }

  /** The runtime client's carriage returns come out as the line breaks that they stand for. */
  read(): Buffer {
    const tail = Buffer.concat(this.#chunks).subarray(-TAIL_BYTES);
    return tail.map((byte) => (byte === CARRIAGE_RETURN ? LINE_FEED : byte)) as Buffer;
  }
}
