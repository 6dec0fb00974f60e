import type { ListedObject } from '#shared/domain/audit/decide-object.ts';

/** The payload bucket, as something to go through. */
export interface ObjectList {
  /**
   * Lists objects below a prefix in the order of their keys, a thousand at a time.
   *
   * @param after - What the page before gave as `next`.
   * @throws {AlmanacError} `store.unavailable`, as all methods do.
   */
  page(prefix: string, after: string | undefined): Promise<ObjectPage>;
  /** Tells whether there is an object of exactly this key. */
  has(key: string): Promise<boolean>;
  /** Deletes an object by its exact key. */
  delete(key: string): Promise<void>;
}

export interface ObjectPage {
  readonly objects: readonly ListedObject[];
  /** Absent at the end. */
  readonly next?: string;
}
