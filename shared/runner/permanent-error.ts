/**
 * Thrown by a task: no further attempt can succeed, so none is made, whatever the retry policy says. The job ends in `error`.
 *
 * It counts where the task's function throws it itself; as the `cause` of another error it is only shown.
 */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
}
