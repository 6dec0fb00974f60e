import { decodeTime } from 'ulid';
import type { Errand, ErrandMessage } from '#shared/domain/errand/errand.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** What every step of an errand takes. */
export interface ErrandPorts<Kind extends Errand> {
  readonly now: WallClock;
  /** Makes a random text, as the mark of a message. */
  readonly newMark: () => string;
  readonly errands: Pick<ErrandStore<Kind>, 'read' | 'replace'>;
  readonly queue: StartQueue;
}

/** What came of a message. `superseded`: another message goes on with the errand, or has. */
export type ErrandStepped = 'stepped' | 'ended' | 'superseded' | 'awaited' | 'not-found';

/** What is peculiar to errands of one kind. */
export interface ErrandWork<Kind extends Errand> {
  /** Tells whether a step was begun, noted, and not ended; absent: no step notes anything. */
  readonly isHalfDone?: (errand: Kind) => boolean;
  /**
   * Does the next step, or goes on with the one that is half done. It may be done again after any crash in it.
   *
   * @param note - Writes what is half done, before anything comes of it; `undefined` where someone else has written meanwhile.
   * @returns The errand as it is after the step; `undefined` where someone else has written meanwhile.
   */
  readonly step: (
    errand: Kind,
    note: (halfDone: Kind) => Promise<Kind | undefined>,
  ) => Promise<Kind | undefined>;
}

/** A message overtakes the write of its errand by moments; where that has failed, nobody waits for it for longer. */
const LONGEST_AWAITED_SECONDS = 60;
const AWAITED_AGAIN_SECONDS = 5;

/**
 * Takes the message that an errand has a step to do: does it, writes how far the errand has come, and sends the message of the next.
 *
 *    version n ── note ──▶ n + 1, half done ── act ── move ──▶ n + 2 ── the next message
 *    version n ── act ─────────────────────────────── move ──▶ n + 1 ── the next message
 *
 * A message that fails comes again, and finds by its mark how far it has come: it goes on with what is half done, or sends only the next
 * message. Any other message of a version that has passed is superseded, so a message that is delivered twice does not make two errands
 * of one.
 *
 * @throws {AlmanacError} `store.unavailable`; the message then comes again.
 */
export async function takeErrandStep<Kind extends Errand>(
  message: ErrandMessage,
  work: ErrandWork<Kind>,
  ports: ErrandPorts<Kind>,
): Promise<ErrandStepped> {
  const { kind, mark } = message;
  const errand = await ports.errands.read(message.scheduleId, message.errandId);
  if (!errand) return awaitErrand(message, ports);
  if (errand.state !== 'running') return 'ended';
  const isOwn = errand.writtenBy === mark;
  if (!isOwn && errand.version !== message.version) return 'superseded';
  if (isOwn && !work.isHalfDone?.(errand)) return sendNext(kind, errand, ports);
  const write = async (next: Kind) => {
    const written = { ...next, version: next.version + 1, writtenBy: mark };
    return (await ports.errands.replace(written)) ? written : undefined;
  };
  const done = await work.step(errand, write);
  const moved = done && (await write(done));
  if (!moved) return 'superseded';
  return moved.state === 'running' ? sendNext(kind, moved, ports) : 'ended';
}

async function sendNext<Kind extends Errand>(
  kind: ErrandMessage['kind'],
  { scheduleId, errandId, version, waitSeconds }: Errand,
  { queue, now, newMark }: ErrandPorts<Kind>,
): Promise<ErrandStepped> {
  const notBefore = now() + waitSeconds;
  await queue.send({ kind, scheduleId, errandId, version, mark: newMark(), notBefore });
  return 'stepped';
}

/** The first message is sent before the errand is written, so that none is there that nobody works on. */
async function awaitErrand<Kind extends Errand>(
  message: ErrandMessage,
  { queue, now }: ErrandPorts<Kind>,
): Promise<ErrandStepped> {
  const askedAt = decodeTime(message.errandId) / 1000;
  if (now() > askedAt + LONGEST_AWAITED_SECONDS) return 'not-found';
  await queue.send({ ...message, notBefore: now() + AWAITED_AGAIN_SECONDS });
  return 'awaited';
}
