import { createHash } from 'node:crypto';

/**
 * Makes the unique id that IAM gives a role, from its ARN: the same role has the same id at each start.
 *
 * @returns `AROA` and 17 letters or digits.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function roleId(roleArn: string): string {
  const hash = createHash('sha256').update(roleArn).digest('hex');
  return `AROA${hash.slice(0, 17).toUpperCase()}`;
}

/** Names the session in which something acts as a role, as messages and events name it. */
export function assumedRoleArn(roleArn: string, actor: string): string {
  const [, , , , account, role = ''] = roleArn.split(':');
  return `arn:aws:sts::${account}:assumed-role/${role.split('/').at(-1)}/${actor}`;
}
