/** What of a result is not to be stored, by JSON pointers into what the task returned. */
export interface Redaction {
  /** What they point to is left out. */
  readonly drop?: readonly string[];
  /** What they point to is replaced by a digest, which is the same for equal values of one stack. */
  readonly hash?: readonly string[];
}
