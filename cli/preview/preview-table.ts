import { fromIso } from '#shared/domain/epoch-seconds.ts';
import type { OmittedTime } from '#shared/domain/schedule/omitted-times.ts';
import type { FireTimeNote, Preview, PreviewedFireTime } from '#shared/domain/schedule/preview.ts';

const NOTES: Readonly<Record<FireTimeNote | OmittedTime['note'], string>> = {
  shifted: 'shifted: a clock change leaves out the time that was meant',
  repeated: 'a clock change shows this time twice',
  skipped: 'does not fire: a clock change leaves this time out',
  excluded: 'does not fire: excluded',
};

interface Row {
  readonly place: number;
  readonly cells: readonly [utc: string, local: string, notes: string];
}

/** Writes a preview as a table for people, what is omitted among the fire times; ends with a line's end. */
export function previewTable(preview: Preview): string {
  const rows = [...preview.fireTimes.map(firedRow), ...preview.omitted.map(omittedRow)].sort(
    (one, other) => one.place - other.place,
  );
  const table = [
    ['UTC', `Local (${preview.timeZone})`, 'Notes'],
    ...rows.map(({ cells }) => cells),
  ];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${[preview.description, modeOf(preview), '', ...lines, ...endOf(preview)].join('\n')}\n`;
}

function firedRow({ fireTime, local, notes = [] }: PreviewedFireTime): Row {
  return {
    place: fromIso(fireTime) ?? 0,
    cells: [fireTime, local, notes.map((note) => NOTES[note]).join('; ')],
  };
}

function omittedRow({ note, fireTime, changeAt, local }: OmittedTime): Row {
  return {
    place: fromIso(fireTime ?? changeAt ?? '') ?? 0,
    cells: [fireTime ?? '-', local, NOTES[note]],
  };
}

function modeOf({ mode, eventBridge, reason }: Preview): string {
  if (mode === 'dependent') return 'Dependent: it has no fire times of its own';
  return eventBridge
    ? `Native: EventBridge holds ${eventBridge.expression} in ${eventBridge.timeZone}`
    : `Planned, because ${reason}`;
}

function endOf({ exhausted, hasMoreOmitted, fireTimes, omitted }: Preview): readonly string[] {
  return [
    ...(hasMoreOmitted ? [`Only the first ${omitted.length} omitted times are shown.`] : []),
    ...(exhausted && fireTimes.length === 0 ? ['It does not fire any more.'] : []),
    ...(exhausted && fireTimes.length > 0 ? ['No fire times are left after these.'] : []),
  ];
}
