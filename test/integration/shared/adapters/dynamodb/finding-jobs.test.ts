import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listJobs } from '#functions/serve-api/list-jobs.ts';
import { listSettledJobs } from '#functions/serve-api/list-settled-jobs.ts';
import { createJobReader } from '#shared/adapters/dynamodb/job-reader.ts';
import { createSettledJobs } from '#shared/adapters/dynamodb/settled-jobs.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { JobFilter } from '#shared/domain/job/job-filter.ts';
import {
  BY_FAILURE,
  DAY_SHARDS,
  dayPartition,
  dayShard,
  FAILURE_DAY,
} from '#shared/domain/job/job-index.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { SettledPlace } from '#shared/domain/job/settled-place.ts';
import { itemBytes, WRITE_UNIT_BYTES } from '#shared/domain/result/item-bytes.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE, type JobsTable, serveJobsTable } from '#test/support/jobs-table.ts';
import { listFromMemory, readFromMemory } from '#test/support/memory-job-lists.ts';
import { settledItem } from '#test/support/settled-item.ts';

/** Later than everything below, so that what expires at it has expired. */
const NOW = FIRE_TIME + 3_600;

const OUTCOMES = ['success', 'error', 'success', 'missed', 'skipped'] as const;

/** Jobs of five schedules; three finish in each second, and one of seven has expired. */
const JOBS: readonly Job[] = Array.from({ length: 210 }, (_, at) => {
  const { content, ...job } = aJob({
    key: jobKeyOf(at % 2 === 0 ? 'even' : `odd-${at % 10}`, FIRE_TIME + at),
    finishedAt: toIso(FIRE_TIME + Math.floor(at / 3)),
    outcome: OUTCOMES[at % OUTCOMES.length] ?? 'success',
    task: at % 3 === 0 ? 'sales-report' : 'uptime-check',
    durationMs: at * 10,
    resultBytes: at,
    resultExpiresAt: NOW + at,
    expiresAt: at % 7 === 0 ? NOW : NOW + 1 + at,
    indexes: at % 5 === 0 ? { expiresAt: null } : { expiresAt: at % 2 ? at : `${at}`, ok: at > 99 },
    metadata: at % 4 === 0 ? { team: 'sales', floor: at } : { team: 'it' },
  });
  return { ...job, ...(content && { content }), ...comparisonAt(at) };
});

/** A third was compared and had changed, a third was as before, a third was never compared. */
function comparisonAt(at: number): Partial<Job> {
  if (at % 3 === 0) return {};
  return at % 3 === 1
    ? { resultHash: `${at}`, isChanged: true }
    : { resultHash: '1', sameAs: 'even@20261123T090000Z', resultState: 'unchanged' };
}

const FILTERS: readonly (readonly [string, JobFilter])[] = [
  ['nothing', {}],
  ['outcomes', { outcomes: ['error', 'skipped'] }],
  ['a task', { task: 'sales-report' }],
  ['a tag', { tag: 'team:sales' }],
  ['another tag', { tag: 'floor:8' }],
  ['a part of a tag', { tag: 'team:sale' }],
  ['a state of results', { resultState: 'stored' }],
  ['a change', { changed: true }],
  ['no change', { changed: false }],
  ['durations', { minDurationMs: 100, maxDurationMs: 900 }],
  ['sizes', { minResultBytes: 10, maxResultBytes: 90 }],
  [
    'an index that is called as an attribute is',
    { where: [{ name: 'expiresAt', comparison: '>', value: 60 }] },
  ],
  ['a text in an index', { where: [{ name: 'expiresAt', comparison: '=', value: '12' }] }],
  [
    'two indexes',
    {
      where: [
        { name: 'ok', comparison: '=', value: true },
        { name: 'expiresAt', comparison: '<=', value: 150 },
      ],
    },
  ],
  ['what an index is not', { where: [{ name: 'expiresAt', comparison: '!=', value: 21 }] }],
  ['an index that is not there', { where: [{ name: 'none', comparison: '!=', value: 1 }] }],
  ['what expires soon', { expiringBefore: NOW + 50 }],
  [
    'all at once',
    { outcomes: ['success'], task: 'uptime-check', tag: 'team:it', minResultBytes: 3 },
  ],
];

let table: JobsTable;

beforeAll(async () => {
  table = await serveJobsTable();
  await Promise.all(
    JOBS.map((job) =>
      table.client.send(new PutCommand({ TableName: JOBS_TABLE, Item: settledItem(job) })),
    ),
  );
});

afterAll(async () => {
  await table[Symbol.asyncDispose]();
});

const names = (jobs: readonly { readonly id: string }[]) => jobs.map(({ id }) => id);

describe('the list across schedules', () => {
  const list = async (filter: JobFilter, isOfFailures: boolean) => {
    const settledJobs = createSettledJobs(table.client, JOBS_TABLE);
    const from = FIRE_TIME + 5;
    const listing = { from, to: FIRE_TIME + 60, isOfFailures, filter, limit: 20, now: NOW };
    const pages: string[][] = [];
    let after: SettledPlace | undefined;
    do {
      const page = await listSettledJobs({ ...listing, ...(after && { after }) }, settledJobs);
      pages.push(names(page.jobs));
      after = page.next;
    } while (after);
    const expected = await listSettledJobs(
      { ...listing, limit: 1_000 },
      { read: async (reading) => readFromMemory(reading, JOBS) },
    );
    return { found: pages.flat(), expected: names(expected.jobs) };
  };

  it.each(FILTERS)('finds by %s what the rule says, page by page', async (_, filter) => {
    const { found, expected } = await list(filter, false);

    // What finishes in the same second and lies in the same shard has the index's own order.
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(new Set(found).size).toBe(found.length);
  });

  it('finds failures alone in their index', async () => {
    const { found, expected } = await list({ outcomes: ['error'] }, true);

    expect(found.length).toBeGreaterThan(10);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it('tells what it cost as DynamoDB bills it: half a unit for each begun 4 KB', async () => {
    const settledJobs = createSettledJobs(table.client, JOBS_TABLE);
    const shard = Array.from({ length: DAY_SHARDS }, (_, at) => at).find(
      (at) => JOBS.filter(({ key }) => dayShard(key) === at).length > 8,
    );
    const reading = {
      from: FIRE_TIME,
      to: FIRE_TIME + 600,
      isOfFailures: false,
      filter: {},
      now: NOW,
    };

    const page = await settledJobs.read({ ...reading, shard: shard ?? 0, limit: 8 });

    expect(page.cost).toEqual({ requests: 1, itemsRead: 8, readUnits: 0.5 });
  });
});

describe('the list of a schedule', () => {
  it.each(FILTERS)('finds by %s what the rule says', async (_, filter) => {
    const listing = {
      scheduleId: 'even',
      filter,
      from: FIRE_TIME + 10,
      to: FIRE_TIME + 180,
      limit: 100,
      now: NOW,
    };

    const found = await listJobs(listing, createJobReader(table.client, JOBS_TABLE));

    const expected = await listJobs(listing, {
      list: async (read) => listFromMemory(read, JOBS),
    });
    expect(names(found.jobs)).toEqual(names(expected.jobs));
    expect(found.cost).toEqual({
      requests: expected.cost.requests,
      itemsRead: expected.cost.itemsRead,
      readUnits: expect.any(Number),
    });
  });
});

describe('an entry of an index', () => {
  it('is one write unit at its largest', async () => {
    const key = {
      scheduleId: `task:${'t'.repeat(64)}`,
      fireTime: `2026-11-23T09:00:00Z~${'Z'.repeat(26)}`,
    };
    const largest = aJob({
      key,
      task: 't'.repeat(64),
      attempt: 100,
      outcome: 'undelivered',
      durationMs: 899_999,
      resultBytes: 52_428_799,
      resultExpiresAt: 2_111_111_111,
      expiresAt: 2_111_111_111,
      metadata: { team: 'x'.repeat(185) },
      indexes: {
        ['a'.repeat(24)]: 'x'.repeat(64),
        ['b'.repeat(24)]: 'x'.repeat(64),
        ['c'.repeat(24)]: 'x'.repeat(64),
      },
    });
    await table.client.send(new PutCommand({ TableName: JOBS_TABLE, Item: settledItem(largest) }));

    const { Items = [] } = await table.client.send(
      new QueryCommand({
        TableName: JOBS_TABLE,
        IndexName: BY_FAILURE,
        KeyConditionExpression: '#day = :day',
        FilterExpression: 'scheduleId = :id',
        ExpressionAttributeNames: { '#day': FAILURE_DAY },
        ExpressionAttributeValues: {
          ':day': dayPartition(key, FIRE_TIME),
          ':id': key.scheduleId,
        },
      }),
    );

    expect(Items).toHaveLength(1);
    expect(Items[0]).toMatchObject({
      tags: `\nteam:${'x'.repeat(185)}\n`,
      resultBytes: 52_428_799,
    });
    expect(itemBytes(Items[0] ?? {})).toBeLessThanOrEqual(WRITE_UNIT_BYTES);
  });
});
