import type { ClaimedJob } from '#shared/domain/job/settlement.ts';
import type { AttemptStanding } from '#shared/ports/job-watch.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';

/** Between two looks, in real time: with a look's own time, a request is seen within five seconds. */
const BETWEEN_LOOKS_MS = 4_000;

const REASONS: Readonly<Record<Exclude<AttemptStanding, 'wanted'>, string>> = {
  cancelled: 'The job was cancelled.',
  taken: 'The job was taken from this attempt.',
};

/** What an attempt watches its job with. */
export interface Heartbeat {
  /** Looks at once, and from then on every four seconds. Called again, it does nothing. */
  readonly start: () => void;
  readonly stop: () => void;
  /** Aborts with an `AbortError` when nobody wants the attempt to go on. */
  readonly signal: AbortSignal;
  /** Tells whether the job is known to have been taken from the attempt, or settled by someone else. */
  readonly isTaken: () => boolean;
}

/**
 * Makes what sees that someone has cancelled a job while it runs. Until it is started it costs nothing.
 *
 * A look that fails is left: the next one comes soon.
 */
export function createHeartbeat(job: ClaimedJob, ports: Pick<RunnerPorts, 'watch'>): Heartbeat {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isStarted = false;
  let isStopped = false;
  let isTaken = false;

  const look = async (): Promise<void> => {
    try {
      const watch = await ports.watch();
      const standing = await watch.look(job);
      if (isStopped) return;
      if (standing !== 'wanted') {
        isTaken = standing === 'taken';
        controller.abort(new DOMException(REASONS[standing], 'AbortError'));
        return;
      }
    } catch {
      // The table did not answer.
    }
    if (isStopped) return;
    timer = setTimeout(() => void look(), BETWEEN_LOOKS_MS);
    timer.unref();
  };
  return {
    start: () => {
      if (isStarted) return;
      isStarted = true;
      void look();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
    signal: controller.signal,
    isTaken: () => isTaken,
  };
}
