import { createHash } from 'node:crypto';

/**
 * Makes a resource's physical name where the template leaves it open, in the form that CloudFormation gives it.
 *
 * The end is a hash in place of CloudFormation's random letters: the same stack has the same names at each start, so
 * that what lies in a data directory is found again.
 *
 * @param maxLength - The service's limit; stack name and logical id share what the hash leaves.
 */
export function physicalName(
  { stackName, logicalId }: { readonly stackName: string; readonly logicalId: string },
  maxLength: number,
): string {
  const hash = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 12);
  const roomEach = Math.floor((maxLength - hash.length - 2) / 2);
  return `${stackName.slice(0, roomEach)}-${logicalId.slice(0, roomEach)}-${hash.toUpperCase()}`;
}
