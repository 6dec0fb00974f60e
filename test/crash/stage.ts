import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import type { Run } from './find-violations.ts';
import type { Actor } from './scenario.ts';

/** A local cloud on which scenarios are played, with what can be known of it afterwards. */
export interface Stage extends AsyncDisposable {
  readonly play: CloudPlay;
  /** Every run of the task's code so far. */
  readonly runs: readonly Run[];
  /** Gives the name of an actor's function. */
  readonly functionOf: (actor: Actor) => string;
  /** Reads the bodies of all messages that lie visible in one of the stack's queues; they stay there. */
  readonly messages: () => Promise<readonly string[]>;
}

const TASK_FUNCTION = 'Almanac-dev-task-probe';

const QUEUES = ['Starts', 'UndeliveredStarts', 'FailedInvocations', 'FailedBatches'] as const;

/** Starts a cloud that runs the probing task, from the assembly of `fixtures/probe-app.ts`. */
export async function openStage(assembly: string): Promise<Stage> {
  const runs: Run[] = [];
  const functionLog = (name: string, line: string) => {
    const run = name === TASK_FUNCTION ? runIn(line) : undefined;
    if (run) runs.push(run);
  };
  const play = await playOnCloud({ assembly, functionLog });
  return {
    play,
    runs,
    functionOf: (actor) => (actor === 'task' ? TASK_FUNCTION : play.functionNamed(actor)),
    messages: async () => (await Promise.all(QUEUES.map((queue) => receive(play, queue)))).flat(),
    [Symbol.asyncDispose]: () => play[Symbol.asyncDispose](),
  };
}

const ran = z
  .object({ message: z.literal('ran'), job: z.string(), attempt: z.int() })
  .transform(({ job, attempt }): Run => ({ jobId: job, attempt }));

function runIn(line: string): Run | undefined {
  return line.includes('"ran"') ? ran.safeParse(JSON.parse(line)).data : undefined;
}

async function receive(
  { sqs, queueNamed }: CloudPlay,
  queue: (typeof QUEUES)[number],
): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueNamed(queue).ref,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 60,
      }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = '' }) => `${queue}: ${Body}`));
  }
}
