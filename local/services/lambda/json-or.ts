/** Parses a JSON text, and gives the fallback for any other. */
export function jsonOr(text: string, fallback: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fallback;
  }
}
