import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStart } from '#shared/domain/job/parse-start.ts';
import { SCHEDULED_TIME, serializeStart } from '#shared/domain/job/start.ts';
import { aStart } from '#test/support/a-start.ts';

function faultsOf(json: unknown): readonly string[] {
  const parsed = parseStart(json);
  return parsed.kind === 'malformed' ? parsed.faults : [];
}

describe('parseStart', () => {
  it('reads back every start as it was written', () => {
    const anyStart = fc.record({
      input: fc.jsonValue(),
      attempt: fc.integer({ min: 1, max: 100 }),
      revision: fc.nat(),
      metadata: fc.dictionary(fc.string(), fc.jsonValue()),
    });

    fc.assert(
      fc.property(anyStart, (changes) => {
        const text = serializeStart(aStart(changes));

        expect(parseStart(JSON.parse(text))).toEqual({
          kind: 'start',
          start: JSON.parse(JSON.stringify(aStart(changes))),
        });
      }),
    );
  });

  it('reads all policies that travel with a start, and leaves out members it does not know', () => {
    const policy = {
      resultExpirationTime: { success: 60, error: 0, default: 10 },
      recordExpirationTime: 5,
      catchUpWindow: 600,
      timeoutSeconds: 9,
      maxJitter: 60,
      retry: { maxAttempts: 3, delay: 1.5, factor: 2, maxDelay: 60, on: ['error'] as const },
      overlap: 'buffer-one' as const,
      indexes: { total: 'total' },
      metrics: [{ name: 'rows', path: 'length(rows)' }],
      metricsExpirationTime: 86_400,
    };
    const start = aStart({ policy, deliverBy: '2026-11-23T10:00:00Z' });

    const parsed = parseStart({ ...start, extra: 1, policy: { ...policy, extra: 2 } });

    expect(parsed).toEqual({ kind: 'start', start });
  });

  it('reads manual and direct jobs, whose fire time has a suffix', () => {
    const fireTime = '2026-11-23T09:00:00Z~01KAQ0000000000000000000AB';

    expect(parseStart(aStart({ scheduleId: 'task:sales-report', fireTime })).kind).toBe('start');
  });

  it('takes a missing input as null', () => {
    const { input: _, ...start } = aStart();

    expect(parseStart(start)).toMatchObject({ start: { input: null } });
  });

  it('refuses a fire time that EventBridge has not filled in', () => {
    expect(faultsOf(aStart({ fireTime: SCHEDULED_TIME }))).toEqual([
      'Expected a start\'s fireTime to be an instant as 2026-11-23T09:00:00Z, with or without ~ and a suffix, got "<aws.scheduler.scheduled-time>".',
    ]);
  });

  it.each([
    ['2026-11-23T09:00:00.5Z'],
    ['2026-11-23T10:00:00+01:00'],
    ['2026-02-30T09:00:00Z'],
    ['2026-11-23T09:00:00Z~short'],
    ['2026-11-23T09:00:00Z~01KAQ0000000000000000000AB~x'],
    [''],
  ])('refuses the fire time %j, which would make another key of the same job', (fireTime) => {
    expect(faultsOf(aStart({ fireTime }))).toHaveLength(1);
  });

  it('reports all faults together, those inside the policy with their path', () => {
    const faults = faultsOf({
      ...aStart(),
      v: 2,
      attempt: 0,
      policy: {
        resultExpirationTime: -1,
        maxJitter: 0.5,
        retry: { maxAttempts: 0, delay: 0, factor: 1, on: ['error', 'success'] },
        overlap: 'buffer-two',
      },
    });

    expect(faults.map((fault) => fault.replace(/ to be .*/, ''))).toEqual([
      "Expected a start's v",
      "Expected a start's attempt",
      "Expected a start's policy.resultExpirationTime",
      "Expected a start's policy.maxJitter",
      "Expected a start's policy.retry.maxAttempts",
      "Expected a start's policy.retry.maxDelay",
      "Expected a start's policy.retry.on",
      "Expected a start's policy.overlap",
    ]);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(parseStart(json).kind).toBe('malformed');
      }),
    );
  });
});
