/** How loads of areas are drawn: the chosen one, its forecast, and others beside it; pure. */

import type { LineStyle } from "../../api/series";
import type { Line } from "../../chart/data";
import type { Unit } from "../../format/units";
import { texts } from "../../texts/texts";

type Look = Pick<Line, "dash" | "colour">;

const BESIDE: readonly Look[] = [
  { dash: "dotted", colour: "accent" },
  { dash: "dash-dotted", colour: "amber" },
  { dash: "long-dashed", colour: "good" },
];

/**
 * Returns how a series of joined answers is drawn; null leaves it out.
 *
 * @param key - Begins with the number of the answer, as in "0/actual".
 * @param names - Of the areas of the answers, the chosen one first.
 */
export function areaLine(
  key: string,
  names: readonly string[],
  unit: Unit,
): LineStyle | null {
  const number = Number.parseInt(key, 10);
  const isActual = key.endsWith("/actual");
  const style = {
    unit: unit.name,
    size: unit.size,
    digits: unit.digits,
    shape: "line",
  } as const;
  const { actual, actualOf, forecast } = texts.inspector.load;
  const label = names.length === 1 ? actual : actualOf(names[number] ?? "");
  if (number === 0) {
    return isActual
      ? { ...style, label, colour: "kamo", dash: "solid", marksGaps: true }
      : { ...style, label: forecast, colour: "ink-soft", dash: "dashed" };
  }
  const look = BESIDE[number - 1];
  // forecasts of others would be lines too many
  return isActual && look ? { ...style, ...look, label } : null;
}
