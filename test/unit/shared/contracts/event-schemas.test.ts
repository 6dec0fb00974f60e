import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { eventSchema } from '#shared/contracts/event-schemas.ts';
import {
  type AlmanacEvent,
  EVENT_TYPES,
  type EventType,
} from '#shared/domain/event/almanac-event.ts';
import { budgetExceeded } from '#shared/domain/event/budget-exceeded.ts';
import { cloudEvent } from '#shared/domain/event/cloud-event.ts';
import { jobSettled } from '#shared/domain/event/job-settled.ts';
import { resultChanged } from '#shared/domain/event/result-changed.ts';
import { resultExpiring } from '#shared/domain/event/result-expiring.ts';
import { schedulePaused } from '#shared/domain/event/schedule-paused.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { aBudget } from '#test/support/a-budget.ts';
import { aJob } from '#test/support/a-job.ts';
import { aState } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/Almanac-dev';

const data = z.object({ properties: z.record(z.string(), z.unknown()) });
const described = z.object({ $id: z.string(), properties: z.looseObject({ data }) });

/** Tells why an event is not as its type's schema says; nothing where it is. */
function faultsOf(type: EventType, event: unknown): string | undefined {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  return ajv.validate(eventSchema(type), event) ? undefined : ajv.errorsText();
}

/** What a subscriber gets, once through JSON. */
function told(event: AlmanacEvent | undefined): unknown {
  if (!event) throw new Error('Expected something to be told.');
  return JSON.parse(JSON.stringify(cloudEvent(event, BUS)));
}

const { startedAt: _, durationMs: _ms, resultState: _state, content: _content, ...unrun } = aJob();
const pause = { by: 'almanac', since: FIRE_TIME };
const EXAMPLES = [
  ...OUTCOMES.map((outcome) => jobSettled(aJob({ outcome }))),
  jobSettled(aJob({ outcome: 'error', error: { name: 'E', message: 'm' } })),
  jobSettled({ ...unrun, attempt: 0, outcome: 'missed' }),
  resultChanged(aJob({ metadata: { team: 'sales' } }), aJob()),
  resultExpiring(aJob({ announceExpiry: true, metadata: { team: 'sales' } })),
  schedulePaused(undefined, aState({ paused: pause })),
  schedulePaused(undefined, aState({ paused: { ...pause, note: 'n', until: FIRE_TIME + 60 } })),
  budgetExceeded(
    undefined,
    { scope: 'stack', storedBytes: 100_001, microdollars: 0, version: 1, budget: aBudget() },
    FIRE_TIME,
  ),
].map(told);

describe('eventSchema', () => {
  it.each(EVENT_TYPES)('is what docs/events says of %s', async (type) => {
    const file = `docs/events/${type}.json`;
    const formatted = execFileSync('biome', ['format', `--stdin-file-path=${file}`], {
      input: JSON.stringify(eventSchema(type)),
      encoding: 'utf8',
    });

    await expect(formatted).toMatchFileSnapshot(join(process.cwd(), file));
  });

  it.each(EVENT_TYPES)('holds for each %s that is told, and names each of its members', (type) => {
    const { properties } = described.parse(eventSchema(type));
    const ofType = EXAMPLES.filter((event) => Object(event).type === type);

    expect(ofType.length).toBeGreaterThan(0);
    for (const event of ofType) {
      expect(faultsOf(type, event)).toBeUndefined();
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(Object(event))));
      expect(Object.keys(properties.data.properties)).toEqual(
        expect.arrayContaining(Object.keys(Object(event).data)),
      );
    }
  });

  it('does not hold for an event of another type, or without an id', () => {
    const event = Object(EXAMPLES[0]);

    expect(faultsOf('job.settled', { ...event, type: 'result.changed' })).toContain('type');
    expect(faultsOf('job.settled', { ...event, id: undefined })).toContain('id');
  });

  it.each(EVENT_TYPES)('is found by the dataschema of %s', (type) => {
    const event = EXAMPLES.find((each) => Object(each).type === type);

    const [id, pointer] = String(Object(event).dataschema).split('#');

    expect(id).toBe(described.parse(eventSchema(type)).$id);
    expect(pointer).toBe('/properties/data');
  });
});
