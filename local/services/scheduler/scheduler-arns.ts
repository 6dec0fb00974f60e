/** The group that every account has. */
export const DEFAULT_GROUP = 'default';

/** Names the service's resources in one account and Region. */
export interface SchedulerArns {
  readonly region: string;
  readonly account: string;
  group(group: string): string;
  schedule(group: string, name: string): string;
}

/**
 * Makes the namer of an account and Region.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
export function schedulerArns(region: string, account: string): SchedulerArns {
  const prefix = `arn:aws:scheduler:${region}:${account}`;
  return {
    region,
    account,
    group: (group) => `${prefix}:schedule-group/${group}`,
    schedule: (group, name) => `${prefix}:schedule/${group}/${name}`,
  };
}
