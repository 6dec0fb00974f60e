import { CreateScheduleCommand, GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { CloudPlay, Row } from '#test/support/play-on-cloud.ts';

/** DynamoDB takes so many items in one write, and a schedule has two. */
const SCHEDULES_PER_WRITE = 12;

/** So many calls are under way at once. */
const CALLS_AT_ONCE = 16;

/**
 * Makes schedules that are equal to one that the API has made, but for their ids: its rows, and its copy on EventBridge.
 *
 * Ten thousand requests to the API would take minutes, and it is not the API that is measured.
 */
export async function cloneSchedules(
  original: string,
  ids: readonly string[],
  play: CloudPlay,
): Promise<void> {
  const rows = await play.rowsOf(original, 'schedules');
  const copy = await play.scheduler.send(
    new GetScheduleCommand({ GroupName: 'Almanac-dev', Name: original }),
  );
  const { Arn: _a, CreationDate: _c, LastModificationDate: _m, Target, ...rest } = copy;
  if (!Target?.Input) throw new Error(`Expected EventBridge to have a copy of ${original}.`);
  const input = Target.Input;
  const writes = chunksOf(ids, SCHEDULES_PER_WRITE);
  await atOnce(writes, (some) => writeRows(rows, some, play));
  await atOnce(ids, (id) =>
    play.scheduler.send(
      new CreateScheduleCommand({
        ...rest,
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: rest.ScheduleExpression,
        Name: id,
        Target: {
          ...Target,
          Arn: Target.Arn,
          RoleArn: Target.RoleArn,
          Input: input.replaceAll(original, id),
        },
      }),
    ),
  );
}

async function writeRows(
  rows: readonly Row[],
  ids: readonly string[],
  { tables, cloud }: CloudPlay,
): Promise<void> {
  const puts = ids.flatMap((id) =>
    rows.map((row) => ({ PutRequest: { Item: { ...row, scheduleId: id } } })),
  );
  await tables.send(
    new BatchWriteCommand({ RequestItems: { [cloud.endpoints.tables.schedules]: puts } }),
  );
}

async function atOnce<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
): Promise<void> {
  const waiting = items.values();
  const actOn = async () => {
    for (const item of waiting) await act(item);
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, actOn));
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}
