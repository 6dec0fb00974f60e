import { randomBytes, randomUUID } from 'node:crypto';
import { type Caller, OPERATOR, type RoleCaller } from '#local/iam/caller.ts';

/** Credentials as the AWS SDKs read them from a process's variables. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Knows which access key belongs to whom. */
export interface Callers {
  /** Makes temporary credentials for a process that acts as a role. */
  issue(caller: RoleCaller): Credentials;
  /** Forgets a process's key once the process has ended. */
  revoke(accessKeyId: string): void;
  /** Any key that was not issued here is the operator's. */
  of(accessKeyId: string | undefined): Caller;
  /** The secret behind a key where it is known: issued here, or `test`. */
  secretOf(accessKeyId: string): string | undefined;
}

/** The access key, and the secret, that the documentation uses for the person at this machine. */
export const OPERATOR_KEY = 'test';

/** Makes an empty register of callers. */
export function createCallers(): Callers {
  const issued = new Map<string, { readonly caller: RoleCaller; readonly secret: string }>();
  return {
    issue: (caller) => {
      const accessKeyId = `ASIA${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`;
      const secretAccessKey = randomBytes(30).toString('base64url');
      issued.set(accessKeyId, { caller, secret: secretAccessKey });
      return { accessKeyId, secretAccessKey, sessionToken: randomBytes(24).toString('base64url') };
    },
    revoke: (accessKeyId) => void issued.delete(accessKeyId),
    of: (accessKeyId) => issued.get(accessKeyId ?? '')?.caller ?? OPERATOR,
    secretOf: (accessKeyId) =>
      accessKeyId === OPERATOR_KEY ? OPERATOR_KEY : issued.get(accessKeyId)?.secret,
  };
}
