import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { pricesOf } from '#shared/domain/usage/prices.ts';
import { type ScheduleForecast, scheduleForecast } from '#shared/domain/usage/schedule-forecast.ts';
import type { UsageRates } from '#shared/domain/usage/usage-rates.ts';
import type { UsageReader } from '#shared/ports/usage-store.ts';

/** What forecasting takes. */
export interface ForecastPorts {
  readonly usage: UsageReader;
  /** Whose prices hold. */
  readonly region: string;
}

/**
 * Says what a schedule will come to as it is defined, by the sums that there are.
 *
 * @param measured - How often it ran; absent: as often as its trigger fires.
 * @returns `undefined` where nothing says how often it runs, as {@link scheduleForecast} does.
 * @throws {AlmanacError} `store.unavailable`
 */
export async function forecastSchedule(
  definition: ScheduleDefinition,
  { now, measured }: { readonly now: EpochSeconds; readonly measured?: UsageRates },
  { usage, region }: ForecastPorts,
): Promise<ScheduleForecast | undefined> {
  const { scheduleId, task, trigger } = definition;
  if (!measured && trigger['kind'] === 'after') return undefined;
  const direct = `task:${task}`;
  const { usages } = await usage.totals([scheduleId, direct]);
  const known = new Map(usages.map((one) => [one.scheduleId, one.usage]));
  const own = known.get(scheduleId);
  const others = known.get(direct);
  const prices = pricesOf(region);
  return scheduleForecast(definition, {
    now,
    ...(own && { own }),
    ...(others && { direct: others }),
    ...(measured && { measured }),
    ...(prices && { prices }),
  });
}
