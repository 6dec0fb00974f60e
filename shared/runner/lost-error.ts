import { describeError } from '#shared/domain/job/describe-error.ts';

const WHERE = 'Thrown where nothing that the function awaits catches it';

/** An error that a task's function has let go of: thrown in a timer or an event, or the reason of a rejection without a handler. */
export class LostError extends Error {
  override readonly name: 'UncaughtException' | 'UnhandledRejection';

  constructor(name: LostError['name'], cause: unknown) {
    super(cause instanceof Error ? WHERE : `${WHERE}: ${describeError(cause).message}`, { cause });
    this.name = name;
    // Where it was thrown says more than where it was found.
    if (cause instanceof Error && cause.stack !== undefined) this.stack = cause.stack;
  }
}

/** What of Node's process tells of lost errors. */
export type LostErrorEvents = Pick<NodeJS.EventEmitter, 'on' | 'off'>;

/**
 * Takes what is lost from now on, in the place of Node, which would end the process: Lambda would then tell of an exit status and nothing
 * else, and the job would wait for its lease.
 *
 * @returns What stops it; from then on Node does as it always does.
 * @see https://nodejs.org/api/process.html#warning-using-uncaughtexception-correctly
 */
export function onLostError(events: LostErrorEvents, take: (error: LostError) => void): () => void {
  const onException = (error: unknown) => take(new LostError('UncaughtException', error));
  const onRejection = (reason: unknown) => take(new LostError('UnhandledRejection', reason));
  events.on('uncaughtException', onException);
  events.on('unhandledRejection', onRejection);
  return () => {
    events.off('uncaughtException', onException);
    events.off('unhandledRejection', onRejection);
  };
}
