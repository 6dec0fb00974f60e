/** Where the local tables are said to be. */
export interface Place {
  readonly region: string;
  readonly account: string;
}

/** Gives a table's ARN. */
export function tableArn(place: Place, tableName: string): string {
  return `arn:aws:dynamodb:${place.region}:${place.account}:table/${tableName}`;
}

/** Gives the ARN of a table's stream. */
export function streamArn(place: Place, tableName: string, streamLabel: string): string {
  return `${tableArn(place, tableName)}/stream/${streamLabel}`;
}

/**
 * Takes a table's name out of its ARN, or of the ARN of its stream or index.
 *
 * @returns the text itself where it is no ARN of this account and region.
 */
export function tableNameOf(place: Place, nameOrArn: string): string {
  const prefix = tableArn(place, '');
  if (!nameOrArn.startsWith(prefix)) return nameOrArn;
  return nameOrArn.slice(prefix.length).split('/')[0] ?? nameOrArn;
}
