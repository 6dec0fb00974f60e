import type { DynaliteStore } from 'dynalite/db/index.js';
import { checkTypes, checkValidations, type ParameterTypes } from 'dynalite/validations/index.js';
import type { Clock } from '#local/clock.ts';
import type { Permission } from '#local/iam/caller.ts';
import { toServiceFault } from '#local/services/dynamodb/dynalite-fault.ts';
import type { StoreParts } from '#local/services/dynamodb/dynalite-store.ts';
import type { ExpirySweeper } from '#local/services/dynamodb/expiry-sweeper.ts';
import type { Streams } from '#local/services/dynamodb/streams.ts';
import type { TransactionTokens } from '#local/services/dynamodb/transaction-tokens.ts';
import type { Writer } from '#local/services/dynamodb/writer.ts';

/** What operations work on. */
export interface OperationContext extends StoreParts {
  readonly clock: Clock;
  readonly writer: Writer;
  readonly streams: Streams;
  readonly sweeper: ExpirySweeper;
  readonly tokens: TransactionTokens;
}

/** A request that has been validated, but not yet carried out. */
interface PreparedOperation {
  readonly permissions: readonly Permission[];
  run(): Promise<object>;
}

/** How one operation is understood; @throws {ServiceFault} for an invalid request. */
export type PrepareOperation = (body: object) => PreparedOperation;

/** Operations by name. */
export type Operations = Readonly<Record<string, PrepareOperation>>;

/** What there is to say about one operation. */
export interface OperationDefinition<Data> {
  readonly types: ParameterTypes;
  /** Says what is wrong with a request beyond its types; expressions are parsed into it here. */
  readonly custom?: ((data: Data, store: DynaliteStore) => string | undefined) | undefined;
  permissions(data: Data): readonly Permission[];
  run(data: Data): Promise<object>;
}

/** Completes an operation with the validation that all have in common. */
export function operation<Data extends object>(
  store: DynaliteStore,
  definition: OperationDefinition<Data>,
): PrepareOperation {
  return (body) => {
    const data = validated(store, body, definition);
    return {
      permissions: definition.permissions(data),
      run: () => definition.run(data),
    };
  };
}

function validated<Data>(
  store: DynaliteStore,
  body: object,
  { types, custom }: OperationDefinition<Data>,
): Data {
  try {
    const data = checkTypes<Data>(body, types);
    checkValidations(data, types, custom, store);
    return data;
  } catch (error) {
    throw toServiceFault(error);
  }
}
