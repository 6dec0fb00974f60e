import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMetricsWriter } from '#shared/adapters/metrics-writer.ts';

const write = vi.spyOn(process.stdout, 'write');

afterEach(() => {
  write.mockReset();
});

/** The lines that were written, as CloudWatch reads them. */
const lines = () =>
  write.mock.calls.map(
    ([line]): Readonly<Record<string, unknown>> => Object(JSON.parse(String(line))),
  );

describe('metrics in a log', () => {
  it('are one line of the embedded metric format, told apart by stack and dimensions', () => {
    write.mockReturnValue(true);

    createMetricsWriter('Almanac-dev').write(
      [
        { name: 'Success', unit: 'Count', values: [2] },
        { name: 'Lateness', unit: 'Milliseconds', values: [10, 20] },
      ],
      { task: 'sales-report' },
    );

    expect(lines()).toMatchObject([
      {
        service: 'Almanac-dev',
        task: 'sales-report',
        Success: 2,
        Lateness: [10, 20],
        _aws: { CloudWatchMetrics: [{ Namespace: 'Almanac', Dimensions: [['service', 'task']] }] },
      },
    ]);
  });

  it('keep their dimensions on every line, where there are too many values for one', () => {
    write.mockReturnValue(true);
    const values = Array.from({ length: 150 }, (_, at) => at);

    createMetricsWriter('Almanac-dev').write([{ name: 'Lateness', unit: 'Milliseconds', values }], {
      task: 'sales-report',
    });

    expect(lines().map(({ task }) => task)).toEqual(['sales-report', 'sales-report']);
  });

  it('are no line where there are none', () => {
    createMetricsWriter('Almanac-dev').write([]);

    expect(write).not.toHaveBeenCalled();
  });
});
