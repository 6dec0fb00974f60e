import { describe, expect, it } from 'vitest';
import { lineCutter } from '#local/services/lambda/function-log.ts';

describe('lineCutter', () => {
  it('puts lines and characters together that chunks have divided', () => {
    const lines: string[] = [];
    const take = lineCutter((line) => lines.push(line));
    const [start, end] = [Buffer.from('Grü').subarray(0, 3), Buffer.from('ü').subarray(1)];

    take(start);
    take(Buffer.concat([end, Buffer.from('ße\na\rb\nrest')]));

    expect(lines).toEqual(['Grüße', 'a\nb']);
  });

  it('cuts a line that never ends to 4,000 characters', () => {
    const lines: string[] = [];
    const take = lineCutter((line) => lines.push(line));

    for (let count = 0; count < 10; count += 1) take(Buffer.from('x'.repeat(1000)));
    take(Buffer.from('\n'));

    expect(lines).toEqual(['x'.repeat(4000)]);
  });
});
