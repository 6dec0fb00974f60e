import {
  type CronFields,
  type GrammarChoices,
  parseCron,
} from '#local/services/scheduler/parse-cron.ts';

/** A schedule expression whose grammar holds. */
export type Expression =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly fields: CronFields }
  | { readonly kind: 'at'; readonly wallMs: number };

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const AT = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/**
 * Understands `rate(…)`, `cron(…)` or `at(…)`.
 *
 * The keyword counts in any case, the blank between a rate's number and unit may be missing, and so may the seconds of
 * `at()`: all three were measured on AWS.
 *
 * @returns `undefined` for what AWS refuses with `Invalid Schedule Expression`. An `at` gives its wall-clock time as the
 * epoch milliseconds at which a clock in UTC shows it.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @see https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/scheduler
 */
export function parseExpression(text: string, choices: GrammarChoices): Expression | undefined {
  const [, keyword = '', body = ''] = /^(rate|cron|at)\((.*)\)$/i.exec(text) ?? [];
  switch (keyword.toLowerCase()) {
    case 'rate':
      return parseRate(body);
    case 'cron': {
      const fields = parseCron(body, choices);
      return fields && { kind: 'cron', fields };
    }
    case 'at':
      return parseAt(body);
    default:
      return undefined;
  }
}

function parseRate(body: string): Expression | undefined {
  const [, count, unit = ''] = /^(\d+) *(minute|hour|day)s?$/i.exec(body) ?? [];
  const unitMs = Object.entries(UNIT_MS).find(([name]) => name === unit.toLowerCase())?.[1];
  const everyMs = Number(count) * (unitMs ?? Number.NaN);
  return everyMs > 0 && Number.isSafeInteger(everyMs) ? { kind: 'rate', everyMs } : undefined;
}

function parseAt(body: string): Expression | undefined {
  const match = AT.exec(body);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  if (wall.getUTCMonth() !== month - 1 || wall.getUTCDate() !== day) return undefined;
  return { kind: 'at', wallMs: wall.setUTCHours(hour, minute, second) };
}
