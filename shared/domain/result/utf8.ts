/** Counts the bytes of a text in UTF-8, as DynamoDB and S3 do. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A pair of surrogates is four bytes; each of its two units counts two.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Cuts a text to a number of UTF-8 bytes at the end of a character, with `…` as its last where anything is cut. */
export function cutUtf8(text: string, mostBytes: number): string {
  // Each unit is at least one byte, so a longer text need not be looked at whole.
  const head = text.slice(0, mostBytes + 1);
  if (head.length === text.length && utf8Bytes(text) <= mostBytes) return text;
  let bytes = utf8Bytes('…');
  let kept = '';
  for (const character of head) {
    bytes += utf8Bytes(character);
    if (bytes > mostBytes) break;
    kept += character;
  }
  return `${kept}…`;
}
