import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { listTasks } from '#infra/list-tasks.ts';
import { type AdoptedTask, TASKS, type TaskDefinition } from '#infra/tasks.ts';
import { taskList } from '#shared/contracts/task-list.ts';

const aTask = (changes: Partial<TaskDefinition> = {}): TaskDefinition => ({
  id: 'count-stars',
  entry: 'functions/tasks/count-stars.ts',
  description: 'Counts stars.',
  inputSchema: { type: 'object' },
  timeoutSeconds: 30,
  memoryMb: 256,
  defaults: {},
  ...changes,
});

describe('listTasks', () => {
  it('lists everything about a task but its code, as the contract reads it', () => {
    const list = JSON.parse(listTasks([aTask({ defaults: { resultExpirationTime: '7d' } })]));

    expect(list).toEqual({
      tasks: [
        {
          id: 'count-stars',
          description: 'Counts stars.',
          inputSchema: { type: 'object' },
          timeoutSeconds: 30,
          memoryMb: 256,
          defaults: { resultExpirationTime: '7d' },
          isAdopted: false,
        },
      ],
    });
    expect(taskList.parse(list).tasks[0]?.defaults).toEqual({ resultExpirationTime: 604_800 });
  });

  it('lists how many attempts of a task may run at once, and refuses a bound that is none', () => {
    const list = taskList.parse(JSON.parse(listTasks([aTask({ maxRunningJobs: 3 })])));

    expect(list.tasks[0]?.maxRunningJobs).toBe(3);
    expect(() => listTasks([aTask({ maxRunningJobs: 0 })])).toThrow('maxRunningJobs');
    expect(() => listTasks([aTask({ maxRunningJobs: 101 })])).toThrow('maxRunningJobs');
  });

  it('takes an id of forty characters', () => {
    expect(() => listTasks([aTask({ id: 'x'.repeat(40) })])).not.toThrow();
  });

  it.each(['', '-begins-badly', 'has.a.dot', 'x'.repeat(41)])(
    'refuses the id "%s", which no function could be named by',
    (id) => {
      expect(() => listTasks([aTask({ id })])).toThrow(
        `Expected a task's id to be 1 to 40 letters, digits, "-" and "_", beginning with a letter or digit, got "${id}".`,
      );
    },
  );

  it('reports every fault at once', () => {
    const faulty = [
      aTask({ id: 'a.b' }),
      aTask({ id: 'twice' }),
      aTask({ id: 'twice', timeoutSeconds: 1.5 }),
    ];

    const faults = () => listTasks(faulty);
    expect(faults).toThrow(/got "a\.b"/);
    expect(faults).toThrow(/got "twice" twice/);
    expect(faults).toThrow(/Expected timeoutSeconds of "twice" to be as the contract says/);
  });

  it('says which task an existing function runs, and refuses defaults that only the runner would heed', () => {
    const { entry: _, ...listed } = aTask({ id: 'adopted' });
    const adopted: AdoptedTask = {
      ...listed,
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:legacy',
      roleArn: 'arn:aws:iam::000000000000:role/legacy',
    };
    const defaults = { retry: { maxAttempts: 2 }, maxJitter: 60, catchUpWindow: 600 };

    expect(JSON.parse(listTasks([adopted])).tasks).toMatchObject([{ isAdopted: true }]);
    const faults = () => listTasks([{ ...adopted, defaults }]);
    expect(faults).toThrow(/Expected defaults of "adopted" to be without retry, as/);
    expect(faults).toThrow(/Expected defaults of "adopted" to be without maxJitter, as/);
    expect(faults).not.toThrow(/catchUpWindow/);
  });

  it('refuses policies that no schedule could have', () => {
    expect(() => listTasks([aTask({ defaults: { catchUpWindow: '30d' } })])).toThrow(
      /Expected defaults\.catchUpWindow of "count-stars"/,
    );
  });
});

describe('TASKS', () => {
  const ajv = new Ajv2020({ strict: true });
  formats.default(ajv);

  it.each([
    ['uptime-check', { url: 'https://example.com/' }, { url: 'ftp://example.com/' }],
    ['uptime-check', { url: 'http://example.com/', timeoutSeconds: 0.5 }, {}],
    ['sales-report', {}, { rows: 1.5 }],
    ['sales-report', { rows: 20_000, seed: 7 }, { rows: 20_001 }],
    ['flaky-import', { failOnAttempt: 1 }, { failOnAttempt: 0 }],
    ['flaky-import', { fail: true }, { fails: true }],
  ])('describes what %s takes: %o, not %o', (id, right, wrong) => {
    const task = TASKS.find((candidate) => candidate.id === id);
    const validate = ajv.compile(task?.inputSchema ?? false);

    expect([validate(right), validate(wrong)]).toEqual([true, false]);
  });
});
