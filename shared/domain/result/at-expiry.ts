/** What happens to a job because it expires, besides that it is hidden and deleted. */
export interface AtExpiry {
  /** How long the archive keeps it after that; absent: it is not archived. */
  readonly archiveDays?: number;
  /** The event bus tells beforehand that its result is about to expire; absent: it does not. */
  readonly announceExpiry?: true;
}

/** Takes from a policy, from a job or from its times what happens at its expiry, and nothing else. */
export function atExpiry({
  archiveDays,
  announceExpiry,
}: {
  readonly archiveDays?: number;
  readonly announceExpiry?: boolean;
}): AtExpiry {
  return {
    ...(archiveDays !== undefined && { archiveDays }),
    ...(announceExpiry && { announceExpiry }),
  };
}
