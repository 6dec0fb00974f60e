import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '#local/clock.ts';
import { canonicalText } from '#local/services/dynamodb/attribute-value.ts';
import type { Database, DatabaseOperation } from '#local/services/dynamodb/database.ts';
import { rangeOf, TOKENS } from '#local/services/dynamodb/keys.ts';
import { ServiceFault } from '#local/services/local-service.ts';

/** How long a token stands for its transaction. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const TOKEN_MS = 10 * 60 * 1000;

const Remembered = z.strictObject({ requestHash: z.string(), atMs: z.number() });

/** Remembers, by client request token, which transactions have succeeded. */
export interface TransactionTokens {
  /**
   * Tells whether a transaction has been made under this token in the last ten minutes of the clock.
   *
   * @throws {ServiceFault} `IdempotentParameterMismatchException` where that one was another.
   */
  isDone(token: string, transactItems: unknown): boolean;
  /** Gives the changes of the database that remember a transaction and forget old ones, for its own batch. */
  remember(token: string, transactItems: unknown): readonly DatabaseOperation[];
}

/** Reads the tokens that the database holds. */
export async function openTransactionTokens(
  database: Database,
  clock: Clock,
): Promise<TransactionTokens> {
  const tokens = new Map<string, z.infer<typeof Remembered>>();
  for await (const [key, text] of database.iterator(rangeOf(TOKENS)))
    tokens.set(key.slice(TOKENS.length), Remembered.parse(JSON.parse(text)));
  const isOld = (atMs: number) => atMs <= clock.nowMs() - TOKEN_MS;
  return {
    isDone: (token, transactItems) => {
      const remembered = tokens.get(token);
      if (remembered === undefined || isOld(remembered.atMs)) return false;
      if (remembered.requestHash === hashOf(transactItems)) return true;
      throw new ServiceFault('IdempotentParameterMismatchException', MISMATCH);
    },
    remember: (token, transactItems) => {
      const old = [...tokens].filter(([, { atMs }]) => isOld(atMs)).map(([each]) => each);
      for (const each of old) tokens.delete(each);
      const remembered = { requestHash: hashOf(transactItems), atMs: clock.nowMs() };
      tokens.set(token, remembered);
      return [
        ...old.map((each) => ({ type: 'del', key: TOKENS + each }) as const),
        { type: 'put', key: TOKENS + token, value: JSON.stringify(remembered) },
      ];
    },
  };
}

const MISMATCH = 'Your request contains a parameter that does not match the original request';

function hashOf(transactItems: unknown): string {
  return createHash('sha256').update(canonicalText(transactItems)).digest('hex');
}
