import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LambdaServer, serveLambda } from '#test/support/serve-lambda.ts';

describe('a synchronous invocation', () => {
  it('hands the event to a handler in split ESM, and reuses the warm process for the next', async () => {
    await using server = await serveLambda();
    const arn = await server.define(
      'Count',
      `let count = 0;
       export const handler = async (event) => {
         const { isValid } = await import('ulid');
         return { event, count: ++count, pid: process.pid, isValid: isValid('x') };
       };`,
    );

    const first = await invoke(server, arn, { id: 1 });
    const second = await invoke(server, arn, { id: 2 });

    const pid = expect.any(Number);
    expect(first).toEqual({ answer: { event: { id: 1 }, count: 1, pid, isValid: false } });
    expect(second).toEqual({ answer: { ...first.answer, event: { id: 2 }, count: 2 } });
  });

  it('gives a function the variables of Lambda and of its template, and none of the host', async () => {
    vi.stubEnv('SECRET_OF_THE_HOST', 'x');
    await using server = await serveLambda();
    const arn = await server.define('Env', 'export const handler = async () => process.env', {
      Environment: { Variables: { TABLE: 'jobs' } },
      MemorySize: 256,
    });

    const { answer } = await invoke(server, arn, {});

    expect(answer).toMatchObject({
      TABLE: 'jobs',
      TZ: ':UTC',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'Almanac-test-Env',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_ENDPOINT_URL_LAMBDA: server.url,
      _HANDLER: 'index.handler',
    });
    const others = Object.keys(answer).filter((name) => !/^AWS_|^_/.test(name));
    expect(others.toSorted()).toEqual(
      ['HOME', 'LAMBDA_RUNTIME_DIR', 'LAMBDA_TASK_ROOT', 'LANG', 'PATH', 'TABLE', 'TZ'].toSorted(),
    );
    expect(answer.HOME).not.toBe(process.env['HOME']);
  });

  it('answers a thrown error with its type, message and trace', async () => {
    await using server = await serveLambda();
    const arn = await server.define(
      'Throw',
      `export const handler = async () => { throw new RangeError('too far'); };`,
    );

    const { answer, functionError } = await invoke(server, arn, {});

    expect(functionError).toBe('Unhandled');
    expect(answer).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
    expect(answer.trace[0]).toBe('RangeError: too far');
    expect(server.log).toHaveLength(1);
  });

  it('kills a process that runs past its limit of real time, and starts anew', async () => {
    await using server = await serveLambda();
    const arn = await server.define(
      'Loop',
      'export const handler = async (event) => { while (event.loop); return process.pid; }',
      { Timeout: 1 },
    );
    const before = await invoke(server, arn, {});

    const looped = await invoke(server, arn, { loop: true });
    const after = await invoke(server, arn, {});

    expect(looped.answer).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(
        /^RequestId: .* Error: Task timed out after 1.00 seconds$/,
      ),
    });
    expect(after.answer).not.toBe(before.answer);
  });

  it.each([
    ['exits', 'process.exit(3)', 'exit status 3'],
    ['exits without an error', 'process.exit(0)', 'without providing a reason'],
    [
      'leaves a rejection unhandled',
      'Promise.reject(new Error("lost")); await new Promise(() => setTimeout(() => {}, 5000))',
      'exit status 1',
    ],
    [
      'uses up its memory',
      'const kept = []; for (;;) kept.push(new Array(1e5).fill({}))',
      'signal: aborted',
    ],
    ['never answers, with nothing left to do', 'await new Promise(() => {})', 'exit'],
  ])('reports a process that %s as Runtime.ExitError', async (_, statement, reason) => {
    await using server = await serveLambda();
    const arn = await server.define(
      'Exit',
      `export const handler = async () => { ${statement}; }`,
      {
        Timeout: 20,
      },
    );

    const { answer } = await invoke(server, arn, {});

    expect(answer).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining(reason),
    });
  });

  it('gives an event to a new process when the warm one has ended unseen', async () => {
    await using server = await serveLambda();
    const arn = await server.define(
      'Fleeting',
      'export const handler = async () => { setTimeout(() => process.exit(1), 1); return process.pid; }',
    );

    const pids = [await invoke(server, arn, {}), await invoke(server, arn, {})];

    expect(new Set(pids.map(({ answer }) => answer)).size).toBe(2);
  });

  it('reports code that cannot be loaded in the words of the runtime client', async () => {
    await using server = await serveLambda();
    const arn = await server.define(
      'Broken',
      `throw new TypeError('no good');\nexport const handler = 1;`,
    );

    const { answer, functionError } = await invoke(server, arn, {});

    expect(functionError).toBe('Unhandled');
    expect(answer).toMatchObject({ errorType: 'TypeError', errorMessage: 'no good' });
  });

  it('refuses an answer above Lambda’s limit', async () => {
    await using server = await serveLambda();
    const arn = await server.define(
      'Large',
      `export const handler = async () => 'x'.repeat(6_291_457);`,
    );

    const { answer } = await invoke(server, arn, {});

    expect(answer.errorType).toBe('Function.ResponseSizeTooLarge');
  });
});

describe('concurrent invocations', () => {
  const OWN_PROCESS = `export const handler = async () => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    return process.pid;
  }`;

  it('each run in a process of their own', async () => {
    await using server = await serveLambda();
    const arn = await server.define('Parallel', OWN_PROCESS);

    const ends = await Promise.all([1, 2, 3].map(() => invoke(server, arn, {})));

    expect(new Set(ends.map(({ answer }) => answer)).size).toBe(3);
  });

  it('beyond the reserved concurrency are throttled', async () => {
    await using server = await serveLambda();
    const arn = await server.define('Reserved', OWN_PROCESS, { ReservedConcurrentExecutions: 1 });

    const ends = await Promise.allSettled([invoke(server, arn, {}), invoke(server, arn, {})]);

    expect(ends.map((end) => end.status)).toEqual(['fulfilled', 'rejected']);
    expect(ends[1]).toMatchObject({ reason: { code: 'TooManyRequestsException', status: 429 } });
  });
});

describe('functions that wait for functions', () => {
  const CALLING = (callee: string) => `export const handler = async () => {
    const credential = process.env.AWS_ACCESS_KEY_ID + '/20261123/us-east-1/lambda/aws4_request';
    const path = '/2015-03-31/functions/Almanac-test-${callee}/invocations';
    const answer = await fetch(process.env.AWS_ENDPOINT_URL_LAMBDA + path, {
      method: 'POST',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=' + credential },
    });
    console.log('got', answer.status, await answer.text());
  }`;

  it('find places even when events want all of them', async () => {
    await using server = await serveLambda();
    const properties = { Timeout: 60 };
    const outer = [
      await server.define('One', CALLING('Middle'), properties),
      await server.define('Two', CALLING('Middle'), properties),
    ];
    await server.define('Middle', CALLING('Inner'), properties);
    await server.define('Inner', 'export const handler = async () => 1;');

    for (let count = 0; count < 8; count += 1)
      for (const arn of outer) server.service.functions.invokeEvent(arn, Buffer.from('{}'));
    await server.activity.settle();

    const got = server.written.flatMap((line) => /got (\d+ .*)/.exec(line)?.[1] ?? []);
    expect(got).toHaveLength(32);
    expect(new Set(got)).toEqual(new Set(['200 1', '200 null']));
  });
});

describe('a process', () => {
  it('calls as its role, and is ended by a fault that kills the caller', async () => {
    await using server = await serveLambda();
    const arn = await server.define(
      'Caller',
      `export const handler = async () => {
         const credential = process.env.AWS_ACCESS_KEY_ID + '/20261123/us-east-1/lambda/aws4_request';
         const url = process.env.AWS_ENDPOINT_URL_LAMBDA + '/2015-03-31/functions/';
         const answer = await fetch(url, { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=' + credential } });
         return answer.status;
       }`,
    );
    const alive = await invoke(server, arn, {});
    const caller = 'Almanac-test-Caller';
    server.faults.add({
      service: 'lambda',
      operation: 'ListFunctions',
      caller,
      nth: 1,
      when: 'before',
      do: 'kill',
    });

    const killed = await invoke(server, arn, {});

    expect(alive.answer).toBe(200);
    expect(killed.answer.errorMessage).toContain('signal: killed');
  });

  it('is ended by kill, while it runs', async () => {
    await using server = await serveLambda();
    const arn = await server.define(
      'Endless',
      `export const handler = async () => {
         console.log('running');
         await new Promise((resolve) => setTimeout(resolve, 60_000));
       }`,
      { Timeout: 60 },
    );

    const running = invoke(server, arn, {});
    await vi.waitFor(() => expect(server.written.join('\n')).toContain('running'));
    server.service.kill('Almanac-test-Endless');

    expect((await running).answer.errorType).toBe('Runtime.ExitError');
  });

  it('is gone, busy or idle, once the service is disposed', async () => {
    const server = await serveLambda();
    const idle = await server.define('Idle', 'export const handler = async () => process.pid;');
    const busy = await server.define(
      'Busy',
      'export const handler = async () => { console.log("pid", process.pid); for (;;); }',
      { Timeout: 60 },
    );
    const { answer: idlePid } = await invoke(server, idle, {});
    const running = invoke(server, busy, {});
    const busyPid = await vi.waitFor(() => pidIn(server.written));

    await server[Symbol.asyncDispose]();
    await running;

    expect([idlePid, busyPid].map(isAlive)).toEqual([false, false]);
  });

  it('ends itself when the host is killed', async () => {
    const script = `
      const { serveLambda } = await import('#test/support/serve-lambda.ts');
      const server = await serveLambda();
      const arn = await server.define('Left', 'export const handler = async () => process.pid;');
      const end = await server.service.functions.invoke(arn, Buffer.from('{}'));
      console.log('pid ' + end.payload);
    `;
    const host = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(host.stdout, 'data');
    const pid = pidIn([String(line)]);
    expect(isAlive(pid)).toBe(true);

    host.kill('SIGKILL');

    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000 });
  });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

async function invoke(server: LambdaServer, arn: string, event: unknown) {
  const { payload, ...end } = await server.service.functions.invoke(
    arn,
    Buffer.from(JSON.stringify(event)),
  );
  return { ...end, answer: JSON.parse(payload.toString()) };
}

function pidIn(lines: readonly string[]): number {
  const pid = /pid (\d+)/.exec(lines.join('\n'))?.[1];
  if (pid === undefined) throw new Error('Expected a process id to be written.');
  return Number(pid);
}

/** A process that has ended, and that no one has asked about yet, is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
