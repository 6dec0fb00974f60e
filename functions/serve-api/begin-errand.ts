import { ulid } from 'ulid';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Errand, ErrandKind } from '#shared/domain/errand/errand.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';

/** Who asks for an errand, and when. */
export interface ErrandRequest {
  readonly scheduleId: string;
  readonly by: string;
  readonly note?: string | undefined;
  readonly now: EpochSeconds;
}

/** Begins an errand: the members that every one has, before its first step. */
export function newErrand({ scheduleId, by, note, now }: ErrandRequest): Errand {
  return {
    scheduleId,
    errandId: ulid(now * 1000),
    state: 'running',
    by,
    ...(note !== undefined && { note }),
    createdAt: now,
    waitSeconds: 0,
    version: 1,
    writtenBy: by,
  };
}

/**
 * Writes an errand, and has it begun.
 *
 * The message that begins it goes first: one that finds no errand is forgotten after a minute, while an errand that no message came for
 * would be `running` for ever.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function beginErrand<Kind extends Errand>(
  kind: ErrandKind,
  errand: Kind,
  ports: { readonly errands: Pick<ErrandStore<Kind>, 'create'>; readonly queue: StartQueue },
): Promise<Kind> {
  const { scheduleId, errandId, version, createdAt: notBefore } = errand;
  const mark = ulid(notBefore * 1000);
  await ports.queue.send({ kind, scheduleId, errandId, version, mark, notBefore });
  await ports.errands.create(errand);
  return errand;
}
