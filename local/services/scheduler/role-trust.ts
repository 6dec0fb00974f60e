/** Answers whether a role lets EventBridge Scheduler act as it. */
export interface RoleTrust {
  mayAssume(request: AssumeRoleRequest): boolean;
}

/** What a role's trust policy decides on. */
export interface AssumeRoleRequest {
  readonly roleArn: string;
  readonly principalService: 'scheduler.amazonaws.com';
  /**
   * `aws:SourceArn` is the schedule's group, never the schedule.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
   */
  readonly context: {
    readonly 'aws:SourceAccount': string;
    readonly 'aws:SourceArn': string;
  };
}
