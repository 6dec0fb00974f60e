import { lineBatches } from '#cli/preview/line-batches.ts';
import { type LineContext, LONGEST_LINE_BYTES, previewLine } from '#cli/preview/preview-line.ts';
import type { Terminal } from '#cli/terminal.ts';

/** What is ready is written from so many characters on, and whenever no more lines have come in. */
const WRITTEN_AT_ONCE = 65_536;

/** Answers each line of standard input as it comes, in order, until the input ends. */
export async function previewLines(terminal: Terminal, context: LineContext): Promise<void> {
  for await (const lines of lineBatches(terminal.input, LONGEST_LINE_BYTES)) {
    let ready = '';
    for (const line of lines) {
      const answer = previewLine(line, context);
      if (answer === undefined) continue;
      ready += `${answer}\n`;
      if (ready.length < WRITTEN_AT_ONCE) continue;
      await terminal.write(ready);
      ready = '';
    }
    if (ready !== '') await terminal.write(ready);
  }
}
