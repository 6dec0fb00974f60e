import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import type { DestinationContext } from '#local/services/lambda/destination.ts';
import type { EventFilter } from '#local/services/lambda/event-filter.ts';
import type { Invoker } from '#local/services/lambda/invoker.ts';
import type { LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import type { Streams } from '#local/services/lambda/streams.ts';
import type { State } from '#local/state.ts';

/** What every event source mapping works with. */
export interface EventSourceContext extends DestinationContext {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly state: State;
  readonly invoker: Invoker;
  readonly streams: Streams;
}

/** What a mapping of any kind says. */
export interface EventSourceDefinition {
  /** The same in each run, as the state that it keeps goes by it. */
  readonly uuid: string;
  readonly target: LambdaFunction;
  readonly sourceArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportsItemFailures: boolean;
  readonly filter: EventFilter;
}

/** An event source mapping at work; disposing it ends the reading, not the invocations under way. */
export interface EventSource extends Disposable {
  start(): void;
}
