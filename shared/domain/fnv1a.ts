/**
 * Hashes a text to 32 bits, the same at every place and for ever. Its low bits are well mixed, its high bits less so.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/ (32-bit FNV-1a)
 */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
