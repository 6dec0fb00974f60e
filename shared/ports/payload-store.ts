import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { PayloadPointer } from '#shared/domain/result/stored-result.ts';

/** The payload bucket: results too large for a row, and ends that could not be written to theirs. */
export interface PayloadStore {
  /**
   * Writes a result once. An object that is there already is this attempt's own, from a try whose answer was lost.
   *
   * @throws {AlmanacError} `store.unavailable`, as all methods do.
   */
  putResult(object: PayloadObject): Promise<void>;
  /** Writes a result that several jobs share, or writes it again, which makes it new to its lifecycle rule. */
  putShared(object: PayloadObject): Promise<void>;
  /** Begins to write a file; nothing is sent before its first part. */
  openUpload(object: UploadedObject): PayloadUpload;
  /** @returns The object's bytes as they are stored, compressed; `undefined` where there is none any more. */
  getResult(key: string): Promise<Uint8Array | undefined>;
  /** Writes an attempt's end as `encodeUnsettledJob` gives it; again where it is there already. */
  putUnsettled(key: string, text: string): Promise<void>;
  /** @returns The text, or `undefined` where there is none. */
  getUnsettled(key: string): Promise<string | undefined>;
  /** Does nothing where there is no such object, as {@link PayloadStore.delete} does. */
  deleteUnsettled(key: string): Promise<void>;
  /** Deletes a result by the exact key that its row had. */
  delete(key: string): Promise<void>;
}

/** A file on its way into the bucket, in parts. */
export interface PayloadUpload {
  /** Sends a part: of 5 MB at least, but for the last, in order, one at a time. */
  put(part: Uint8Array): Promise<void>;
  /** Has the object be there, after the last part. */
  finish(): Promise<void>;
  /** Drops what was sent; it does nothing where that was nothing. */
  abort(): Promise<void>;
}

export interface UploadedObject {
  readonly key: string;
  readonly type: string;
  /** What a browser saves it as. */
  readonly name?: string;
}

/** A result as it is stored. */
export interface PayloadObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly type: string;
  readonly encoding: string;
}

/** Copies results, where one would leave with its lifecycle class too early. */
export interface PayloadCopies {
  /**
   * Copies an object as it is, with its type, encoding and name; onto itself, where that is wanted, which makes it new to its lifecycle rule.
   *
   * @returns `false` where there is none any more.
   * @throws {AlmanacError} `store.unavailable`.
   */
  copy(from: PayloadPointer, to: string): Promise<boolean>;
}

/** Makes links by which a client reads a result without credentials. */
export interface PayloadLinks {
  /**
   * @param seconds - How long the link holds, from 1; at most seven days are given.
   * @param signedAt - From when on; absent: from now.
   */
  presign(key: string, seconds: number, signedAt?: EpochSeconds): Promise<string>;
}
