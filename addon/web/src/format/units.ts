/** Loads, energies, prices and money in the unit that reads best; pure. */

import { decimal, type Quantity, UNKNOWN } from "./numbers";

/** A unit and how many of the base unit it is. */
export interface Unit {
  readonly name: string;
  readonly size: number;
  readonly digits: number;
}

/** For what is a few megawatts at most, such as a substation: as KAMO writes it. */
export const KW: Unit = { name: "kW", size: 1, digits: 0 };
const LOAD_UNITS: readonly Unit[] = [
  { name: "GW", size: 1_000_000, digits: 3 },
  { name: "MW", size: 1_000, digits: 1 },
  KW,
];
const SMALL_KW: Unit = { name: "kW", size: 1, digits: 2 };

/**
 * Returns the unit for loads as large as `kw`: kW below 1,000, then MW, then GW.
 *
 * A chart or a column asks with its largest value and uses one unit throughout.
 */
export function loadUnit(kw: number): Unit {
  const size = Math.abs(kw);
  if (size > 0 && size < 10) return SMALL_KW;
  return LOAD_UNITS.find((unit) => size >= unit.size) ?? KW;
}

/** Returns a load (kW). */
export function load(
  kw: number | null | undefined,
  unit: Unit = loadUnit(kw ?? 0),
  locale?: string,
): Quantity {
  if (kw === null || kw === undefined) return { value: UNKNOWN, unit: unit.name };
  return { value: decimal(kw / unit.size, unit.digits, locale), unit: unit.name };
}

/** Returns an energy (kWh), in MWh from 1,000 on. */
export function energy(kwh: number | null | undefined, locale?: string): Quantity {
  if (kwh === null || kwh === undefined) return { value: UNKNOWN, unit: "kWh" };
  if (Math.abs(kwh) >= 1_000) {
    return { value: decimal(kwh / 1_000, 2, locale), unit: "MWh" };
  }
  return { value: decimal(kwh, Math.abs(kwh) < 100 ? 2 : 1, locale), unit: "kWh" };
}

/** Returns the unit for prices as high as `audPerKwh`: cents below a dollar. */
export function priceUnit(audPerKwh: number): Unit {
  return Math.abs(audPerKwh) < 1
    ? { name: "c/kWh", size: 0.01, digits: 1 }
    : { name: "AUD/kWh", size: 1, digits: 2 };
}

/** Returns a price (AUD/kWh). */
export function price(
  audPerKwh: number | null | undefined,
  unit: Unit = priceUnit(audPerKwh ?? 0),
  locale?: string,
): Quantity {
  if (audPerKwh === null || audPerKwh === undefined) {
    return { value: UNKNOWN, unit: unit.name };
  }
  return {
    value: decimal(audPerKwh / unit.size, unit.digits, locale),
    unit: unit.name,
  };
}

/** Returns an amount of Australian dollars as the reader's language writes it. */
export function money(aud: number | null | undefined, locale?: string): string {
  if (aud === null || aud === undefined) return UNKNOWN;
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: "AUD",
    signDisplay: "negative",
  });
  return format.format(aud).replace("-", "−");
}

/** Returns a power factor, which has no unit; a sign only says which way kVAR flow. */
export function powerFactor(factor: number | null | undefined, locale?: string) {
  if (factor === null || factor === undefined) return UNKNOWN;
  return decimal(factor, 3, locale);
}
