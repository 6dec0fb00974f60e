/**
 * Names a stream by the instant at which it began, as AWS does.
 *
 * @param nowMs - Epoch milliseconds.
 */
export function streamLabelAt(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, -1);
}
