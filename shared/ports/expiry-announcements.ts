import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** How far the results that are about to expire have been told of. Both methods throw {@link AlmanacError} `store.unavailable`. */
export interface ExpiryAnnouncements {
  /** @returns The instant before which every expiry has been told of; `undefined` before the first time. */
  toldTo(): Promise<EpochSeconds | undefined>;
  /** Moves that instant forward; one that lies further already stays. */
  moveTo(toldTo: EpochSeconds): Promise<void>;
}
