/** Writes lines of JSON that carry the job's id. The runner itself logs neither inputs nor results. */
export interface TaskLogger {
  debug(message: string, details?: LogDetails): void;
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
}

export type LogDetails = Readonly<Record<string, unknown>>;

/**
 * Makes a logger whose every line has the given members. `@aws-lambda-powertools/logger` would add 23 KB and 7 ms to each task's start.
 *
 * @param write - Takes one line, its end included.
 */
export function createTaskLogger(
  members: LogDetails,
  write: (line: string) => void = (line) => process.stdout.write(line),
): TaskLogger {
  const at =
    (level: string) =>
    (message: string, details: LogDetails = {}): void => {
      const timestamp = new Date().toISOString();
      write(`${lineOf({ ...details, level, message, timestamp, ...members })}\n`);
    };
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}

/** A task may log anything, a circle or a BigInt too, and must not fail by it. */
function lineOf(line: LogDetails): string {
  try {
    return JSON.stringify(line, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : errorAsMembers(value),
    );
  } catch {
    const { level, message, timestamp, job } = line;
    return JSON.stringify({ level, message, timestamp, job, note: 'details cannot be shown' });
  }
}

function errorAsMembers(value: unknown): unknown {
  return value instanceof Error
    ? { name: value.name, message: value.message, stack: value.stack, cause: value.cause }
    : value;
}
