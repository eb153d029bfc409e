/** Periods of a tariff: their names, and how much of a register they have; pure. */

import type { TariffCostAnswer } from "../../api/costs";
import { texts } from "../../texts/texts";

/** Returns a period's name: upstream's word where none of ours is known. */
export function periodName(one: TariffCostAnswer): string {
  const words = texts.usage.tariff;
  const parts = [
    one.tariff_period === null
      ? null
      : (words.periods[one.tariff_period] ?? one.tariff_period),
    one.tariff_block === null ? null : words.block(one.tariff_block),
    one.tariff_season,
    one.is_demand_window ? words.window : null,
  ];
  return parts.filter((part) => part !== null).join(", ") || words.none;
}

/** Returns which part of its register's energy a period has, 0 to 1. */
export function shareOfChannel(
  one: TariffCostAnswer,
  every: readonly TariffCostAnswer[],
): number | null {
  const whole = every
    .filter((other) => other.channel_identifier === one.channel_identifier)
    .reduce((sum, other) => sum + other.energy_kwh, 0);
  return whole > 0 ? one.energy_kwh / whole : null;
}

/** Returns the rows of those registers that have a period with a name. */
export function ofRegistersWithPeriods(
  every: readonly TariffCostAnswer[],
): readonly TariffCostAnswer[] {
  const named = new Set(
    every
      .filter((one) => periodName(one) !== texts.usage.tariff.none)
      .map((one) => one.channel_identifier),
  );
  return every.filter((one) => named.has(one.channel_identifier));
}
