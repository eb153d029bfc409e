/** The peak watch's next 24 hours as a chart draws them; pure. */

import type { AnnouncedHour, HourAhead } from "../../api/peaks";
import type { ChartData, Line } from "../../chart/data";
import type { Unit } from "../../format/units";
import { texts } from "../../texts/texts";

const words = texts.watch.chart;

/** Returns announced hours that were not withdrawn and are not over, ascending. */
export function standing(
  announced: readonly AnnouncedHour[],
  now: number,
): readonly AnnouncedHour[] {
  return announced.filter(
    ({ withdrawn_at, ends_at }) => withdrawn_at === null && Date.parse(ends_at) > now,
  );
}

/** Returns the hour with the highest forecast; null without any. */
export function highestAhead(hours: readonly HourAhead[]): HourAhead | null {
  return hours.reduce<HourAhead | null>(
    (best, hour) =>
      hour.load_kw !== null &&
      hour.load_kw > (best?.load_kw ?? Number.NEGATIVE_INFINITY)
        ? hour
        : best,
    null,
  );
}

/**
 * Returns the forecast with its band, and over it the hours that are announced.
 *
 * @param unit - Of all loads.
 */
export function outlookChart(
  hours: readonly HourAhead[],
  announced: readonly AnnouncedHour[],
  unit: Unit,
): ChartData {
  if (highestAhead(hours) === null) return { times: [], lines: [] };
  const sized = (kw: number | null) => (kw === null ? null : kw / unit.size);
  const style = {
    unit: unit.name,
    digits: unit.digits,
    shape: "steps",
  } as const;
  const forecast: Line = {
    ...style,
    label: words.load,
    values: hours.map(({ load_kw }) => sized(load_kw)),
    band: {
      low: hours.map(({ low_kw }) => sized(low_kw)),
      high: hours.map(({ high_kw }) => sized(high_kw)),
    },
    dash: "dashed",
    colour: "kamo",
  };
  const begins = new Set(
    announced
      .filter(({ withdrawn_at }) => withdrawn_at === null)
      .map(({ starts_at }) => Date.parse(starts_at)),
  );
  const marked = hours.map(({ starts_at, load_kw }) =>
    begins.has(Date.parse(starts_at)) ? sized(load_kw) : null,
  );
  const times = hours.map(({ starts_at }) => Date.parse(starts_at));
  if (marked.every((value) => value === null)) return { times, lines: [forecast] };
  const hour: Line = {
    ...style,
    label: words.announced,
    values: marked,
    dash: "solid",
    colour: "bad",
  };
  return { times, lines: [forecast, hour] };
}
