import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogTail } from '#local/services/lambda/log-tail.ts';

describe('LogTail', () => {
  it('keeps the last 4 KB of all that came, however it was cut', () => {
    const chunk = fc.string({ unit: 'grapheme-ascii', maxLength: 6000 });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 8 }), (chunks) => {
        const tail = new LogTail();
        for (const one of chunks) tail.append(Buffer.from(one));

        expect(tail.read().toString()).toBe(chunks.join('').slice(-4096));
      }),
    );
  });

  it('shows the runtime client’s carriage returns as line breaks, and forgets when cleared', () => {
    const tail = new LogTail();
    tail.append(Buffer.from('one\rtwo\n'));

    expect(tail.read().toString()).toBe('one\ntwo\n');
    tail.clear();
    expect(tail.read().toString()).toBe('');
  });
});
