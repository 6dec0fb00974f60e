import { StringDecoder } from 'node:string_decoder';

/** Longest line that is passed on; a function may write megabytes without a line break. */
const MAX_LINE_CHARACTERS = 4000;

/**
 * Cuts a stream's chunks into lines, in the text that CloudWatch would show.
 *
 * The runtime client writes a message of several lines as one, joined by carriage returns.
 *
 * @param take - Gets each line without its end, cut to 4,000 characters.
 * @returns Takes the next chunk.
 */
export function lineCutter(take: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS);
    for (const line of lines) take(line.slice(0, MAX_LINE_CHARACTERS).replaceAll('\r', '\n'));
  };
}
