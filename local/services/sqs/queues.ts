import * as z from 'zod';
import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import { Queue } from '#local/services/sqs/queue.ts';
import { type QueueSettings, queueSettings } from '#local/services/sqs/queue-settings.ts';
import { invalidParameter, sqsFault } from '#local/services/sqs/sqs-fault.ts';
import type { Collection, State } from '#local/state.ts';

const queueRow = z.strictObject({
  settings: queueSettings,
  tags: z.record(z.string(), z.string()),
  createdAtMs: z.int(),
  modifiedAtMs: z.int(),
});
type QueueRow = z.infer<typeof queueRow>;

/** A queue with what is kept of it beside its messages. */
export interface KnownQueue extends Omit<QueueRow, 'settings'> {
  readonly queue: Queue;
}

/** What the queues stand on. */
export interface QueuesGround {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly state: State;
  readonly region: string;
  readonly account: string;
}

/** All queues by name, as they were left and as the template and its users make them. */
export class Queues {
  readonly #ground: QueuesGround;
  readonly #rows: Collection;
  readonly #byName = new Map<string, KnownQueue>();

  constructor(ground: QueuesGround) {
    this.#ground = ground;
    this.#rows = ground.state.collection('sqs.queues');
    for (const [name, value] of this.#rows.entries()) {
      const { settings, ...row } = queueRow.parse(value);
      this.#byName.set(name, { ...row, queue: this.#open(name, settings) });
    }
  }

  /** In the order of their names. */
  all(): readonly KnownQueue[] {
    return [...this.#byName.values()].sort((one, other) =>
      one.queue.name < other.queue.name ? -1 : 1,
    );
  }

  find(name: string): KnownQueue | undefined {
    return this.#byName.get(name);
  }

  /** @throws {ServiceFault} `AWS.SimpleQueueService.NonExistentQueue`. */
  require(name: string): KnownQueue {
    const known = this.#byName.get(name);
    if (known) return known;
    throw sqsFault('NonExistentQueue', 'The specified queue does not exist.');
  }

  /** @throws {ServiceFault} `AWS.SimpleQueueService.NonExistentQueue`, also for what is no ARN of a queue here. */
  requireByArn(arn: string): Queue {
    return this.require(this.#nameIn(arn)).queue;
  }

  /**
   * Makes a queue, or changes the one that is there; its messages stay.
   *
   * @throws {ServiceFault} `InvalidParameterValue` when its dead-letter queue is missing or refuses it.
   */
  set(name: string, settings: QueueSettings, tags?: Readonly<Record<string, string>>): void {
    this.#requireDeadLetterQueue(name, settings);
    const present = this.#byName.get(name);
    const nowMs = this.#ground.clock.nowMs();
    const row: QueueRow = {
      settings,
      tags: { ...(tags ?? present?.tags) },
      createdAtMs: present?.createdAtMs ?? nowMs,
      modifiedAtMs: nowMs,
    };
    this.#rows.set(name, row);
    const queue = present?.queue ?? this.#open(name, settings);
    queue.settings = settings;
    this.#byName.set(name, { ...row, queue });
  }

  delete(name: string): void {
    this.require(name).queue.close();
    this.#rows.delete(name);
    this.#byName.delete(name);
  }

  /** Names a queue to IAM, whether it is there or not. */
  arnOf(name: string): string {
    return `arn:aws:sqs:${this.#ground.region}:${this.#ground.account}:${name}`;
  }

  #open(name: string, settings: QueueSettings): Queue {
    return new Queue({ name, arn: this.arnOf(name) }, settings, {
      clock: this.#ground.clock,
      activity: this.#ground.activity,
      rows: this.#ground.state.collection(`sqs.messages/${name}`),
      deadLetterQueue: (arn) => this.#byName.get(this.#nameIn(arn))?.queue,
    });
  }

  #nameIn(arn: string): string {
    const name = arn.slice(arn.lastIndexOf(':') + 1);
    return this.arnOf(name) === arn ? name : '';
  }

  #requireDeadLetterQueue(name: string, { RedrivePolicy: policy }: QueueSettings): void {
    if (policy === undefined) return;
    const parameter = `Value ${JSON.stringify(policy)} for parameter RedrivePolicy is invalid. Reason: `;
    const target = this.#byName.get(this.#nameIn(policy.deadLetterTargetArn));
    if (!target) throw invalidParameter(`${parameter}Dead letter target does not exist.`);
    const allow = target.queue.settings.RedriveAllowPolicy;
    const isAllowed =
      allow === undefined ||
      allow.redrivePermission === 'allowAll' ||
      (allow.redrivePermission === 'byQueue' &&
        allow.sourceQueueArns?.includes(this.arnOf(name)) === true);
    if (!isAllowed)
      throw invalidParameter(
        `${parameter}Source queue is not allowed by the RedriveAllowPolicy of the dead letter target.`,
      );
  }
}
