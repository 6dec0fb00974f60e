/** That someone wants a running job to end. */
export interface CancelRequest {
  /** As ISO 8601. */
  readonly at: string;
  /** The ARN of whoever asked. */
  readonly by: string;
  readonly note?: string;
}
