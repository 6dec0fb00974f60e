import { expect, it } from 'vitest';
import { LocalClock } from '#local/clock.ts';
import { LAMBDA_START_MS, type LambdaServer, serveLambda } from '#test/support/serve-lambda.ts';

const CLOCK_READER = `
  const loadedAt = Date.now();
  class Stamp extends Date { label() { return 'at ' + this.getTime(); } }
  export const handler = async (event, context) => {
    const before = Date.now();
    const started = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 30));
    return {
      loadedAt,
      movedMs: Date.now() - before,
      passedMs: performance.now() - started,
      now: Date.now(),
      constructed: new Date().getTime(),
      called: Date(),
      parsed: new Date('2020-01-01T00:00:00Z').toISOString(),
      parts: new Date(2020, 0, 1).getTime(),
      utc: Date.UTC(2020, 0, 1),
      subclass: new Stamp().label(),
      subclassed: new Stamp() instanceof Date,
      instance: new Date() instanceof Date && new Date().constructor === Date,
      remainingMs: context.getRemainingTimeInMillis(),
    };
  };`;

it('lets Date stand still with the clock while timers run, also while modules load', async () => {
  await using server = await serveLambda();
  const arn = await server.define('Clock', CLOCK_READER);

  const read = await readClock(server, arn);

  expect(read).toMatchObject({
    loadedAt: LAMBDA_START_MS,
    movedMs: 0,
    now: LAMBDA_START_MS,
    constructed: LAMBDA_START_MS,
    called: 'Mon Nov 23 2026 09:00:00 GMT+0000 (Coordinated Universal Time)',
    parsed: '2020-01-01T00:00:00.000Z',
    parts: Date.UTC(2020, 0, 1),
    utc: Date.UTC(2020, 0, 1),
    subclass: `at ${LAMBDA_START_MS}`,
    subclassed: true,
    instance: true,
    remainingMs: 3000,
  });
  expect(read.passedMs).toBeGreaterThanOrEqual(29);
});

it('shows a warm process the time of each invocation', async () => {
  await using server = await serveLambda();
  const arn = await server.define('Clock', CLOCK_READER);
  await readClock(server, arn);

  await server.clock.advanceBy(86_400_000);
  const read = await readClock(server, arn);

  expect(read.now).toBe(LAMBDA_START_MS + 86_400_000);
  expect(read.loadedAt).toBe(LAMBDA_START_MS);
});

it('lets Date run on from the clock while the clock runs', async () => {
  const start = (activity: ConstructorParameters<typeof LocalClock>[0]) => {
    const clock = new LocalClock(activity, LAMBDA_START_MS);
    clock.setRate(1);
    return clock;
  };
  await using server = await serveLambda({ clock: start });
  const arn = await server.define('Clock', CLOCK_READER);

  const read = await readClock(server, arn);

  expect(Number.isInteger(read.now)).toBe(true);
  expect(read.movedMs).toBeGreaterThanOrEqual(29);
  expect(read.now).toBeGreaterThan(LAMBDA_START_MS);
  expect(read.now).toBeLessThan(LAMBDA_START_MS + 30_000);
});

async function readClock(server: LambdaServer, arn: string) {
  const end = await server.service.functions.invoke(arn, Buffer.from('{}'));
  return JSON.parse(end.payload.toString());
}
