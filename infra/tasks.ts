import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { taskList } from '#shared/contracts/task-list.ts';

/** What the API needs to know of a task, whosever code it is. */
interface ListedTask {
  /** What schedules name it by: 1 to 40 letters, digits, `-` and `_`. It is part of the function's name, so another id is another function. */
  readonly id: string;
  /** One sentence for whoever picks a task from the list. */
  readonly description: string;
  /** What its input must be, in JSON Schema 2020-12; `default` in it is for the reader, the task fills it in. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** How long one attempt may take, 1 to 900; its signal aborts a little earlier, so that the outcome can still be written. */
  readonly timeoutSeconds: number;
  /** 128 to 10,240; processor time grows with it. */
  readonly memoryMb: number;
  /** Policies of its schedules where they state none themselves, in the form of a schedule's body, as `{ resultExpirationTime: '7d' }`. */
  readonly defaults: z.input<typeof taskList>['tasks'][number]['defaults'];
}

/** A task to deploy: one file of code, and what the API needs to know of it. */
export interface TaskDefinition extends ListedTask {
  /** The file that exports `handler = defineTask(…)`, from the project's root. */
  readonly entry: string;
  /**
   * How many of its attempts may run at once, whatever schedules they are of: 1 to 100; absent: any number. What must wait does so in a
   * queue, and is `missed` when the time in which it may begin is over. It bounds what runs, not what Lambda starts.
   */
  readonly maxRunningJobs?: number;
  /**
   * A larger result is not kept, though its job went well: 1 byte to 5 GB; 50 MB when absent. JSON has to fit into the function's memory
   * several times over; a file does not.
   */
  readonly maxResultBytes?: number;
  /** Variables of its own, beside the runner's; not for secrets, as everyone who may see the function sees them. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * A task that an existing Lambda function runs, in any language: its event is a start, what it returns is the job's result.
 *
 * It runs without the runner: a start that comes twice runs it twice, of which the first end counts; the API refuses `retry`, `timeout`,
 * `maxJitter` and `misfireGraceTime` for it; `timeoutSeconds` and `memoryMb` say what the function has. Result and start together may have 1 MB.
 */
export type AdoptedTask = ListedTask & {
  /** Retries of Lambda itself after an error, one and two minutes later: 0 (the default) to 2. */
  readonly lambdaRetries?: 0 | 1 | 2;
} & (
    | {
        /** Of the function itself, not of a version or alias, in the account and region of the stack. */
        readonly functionArn: string;
        /** The role that the function has: it is given leave to send to one queue. */
        readonly roleArn: string;
      }
    | {
        /** Gives the function itself, not a version or alias; called once, with the stack. */
        readonly function: (scope: Construct) => IFunction;
      }
  );

/** Any task of a stack. */
export type AnyTask = TaskDefinition | AdoptedTask;

/**
 * Hosts that `http-request` may call although they are not on the public internet, each for all its ports or with one:
 * `reports.internal`, `10.0.0.7:8080`. Whoever may define schedules can then reach them.
 */
const ALLOWED_HOSTS: readonly string[] = [];

/** Every task that the stack deploys or adopts. */
export const TASKS: readonly AnyTask[] = [
  {
    id: 'uptime-check',
    entry: 'functions/tasks/uptime-check.ts',
    description: 'Asks a web address, and tells its status and how long the answer took.',
    inputSchema: {
      type: 'object',
      properties: {
        url: { type: 'string', format: 'uri', pattern: '^https?://' },
        timeoutSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 60, default: 10 },
      },
      required: ['url'],
      additionalProperties: false,
    },
    timeoutSeconds: 90,
    memoryMb: 256,
    defaults: {},
  },
  {
    id: 'http-request',
    entry: 'functions/tasks/http-request.ts',
    description:
      'Sends an HTTP request to the public internet, and gives status, headers and body of the answer.',
    inputSchema: {
      type: 'object',
      properties: {
        method: {
          enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
          default: 'GET',
        },
        url: { type: 'string', format: 'uri', pattern: '^https?://' },
        headers: { type: 'object', additionalProperties: { type: 'string', maxLength: 8192 } },
        body: { description: 'A text is sent as it is, anything else as JSON.' },
        timeoutSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 300, default: 30 },
        expectStatus: {
          type: 'array',
          minItems: 1,
          items: {
            anyOf: [
              { type: 'integer', minimum: 100, maximum: 599 },
              { type: 'string', pattern: '^([1-5]xx|[0-9]{3}-[0-9]{3})$' },
            ],
          },
          default: ['2xx'],
        },
        maxBytes: { type: 'integer', minimum: 1, maximum: 10_485_760, default: 1_048_576 },
        followRedirects: { type: 'integer', minimum: 0, maximum: 20, default: 5 },
      },
      required: ['url'],
      additionalProperties: false,
    },
    timeoutSeconds: 330,
    memoryMb: 256,
    variables: { ALLOWED_HOSTS: ALLOWED_HOSTS.join(' ') },
    defaults: {},
  },
  {
    id: 'sales-report',
    entry: 'functions/tasks/sales-report.ts',
    description: 'Makes a report of made-up sales; the same seed makes the same rows.',
    inputSchema: {
      type: 'object',
      properties: {
        rows: { type: 'integer', minimum: 0, maximum: 20_000, default: 20 },
        seed: { type: 'integer', default: 1 },
      },
      additionalProperties: false,
    },
    timeoutSeconds: 60,
    memoryMb: 512,
    defaults: {},
  },
  {
    id: 'flaky-import',
    entry: 'functions/tasks/flaky-import.ts',
    description: 'Imports nothing, and fails when its input says so: always, or on one attempt.',
    inputSchema: {
      type: 'object',
      properties: {
        failOnAttempt: { type: 'integer', minimum: 1 },
        fail: { type: 'boolean', default: false },
      },
      additionalProperties: false,
    },
    timeoutSeconds: 30,
    memoryMb: 256,
    defaults: {},
  },
];
