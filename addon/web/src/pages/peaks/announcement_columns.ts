/** What the log of the peak watch says of each announced hour. */

import { html } from "lit";
import type { AnnouncedMonth, JudgedHour } from "../../api/peaks";
import { percent, UNKNOWN, written } from "../../format/numbers";
import { clockTime, dayTime } from "../../format/times";
import { load, type Unit } from "../../format/units";
import type { Column } from "../../table/columns";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";

const words = texts.watch.log;

/** Returns the hours of months, the newest first. */
export function hoursOf(months: readonly AnnouncedMonth[]): readonly JudgedHour[] {
  return months.flatMap(({ announced }) => [...announced].reverse());
}

/** Returns the months whose peak was not announced. */
export function missedMonths(
  months: readonly AnnouncedMonth[],
): readonly AnnouncedMonth[] {
  return months.filter(({ is_caught }) => is_caught === false);
}

/**
 * Returns the columns.
 *
 * @param unit - Of loads.
 */
export function announcementColumns(unit: Unit): readonly Column<JudgedHour>[] {
  return [
    {
      key: "hour",
      label: words.hour,
      show: ({ starts_at }) => dayTime(Date.parse(starts_at), CENTRAL, "date"),
      value: ({ starts_at }) => starts_at,
    },
    {
      key: "said",
      label: words.said,
      isUnbroken: true,
      show: ({ announced_at }) => clockTime(Date.parse(announced_at), CENTRAL),
    },
    {
      key: "likelihood",
      label: words.likelihood,
      isUnbroken: true,
      show: ({ likelihood, probability_percent }) => {
        const word = texts.watch.likelihood[likelihood];
        return probability_percent === null
          ? word
          : `${word}, ${percent(probability_percent / 100)}`;
      },
      value: ({ probability_percent }) => probability_percent,
    },
    {
      key: "outcome",
      label: words.outcome,
      isUnbroken: true,
      show: ({ outcome }) =>
        outcome === "caught"
          ? html`<strong>${words.outcomes[outcome]}</strong>`
          : words.outcomes[outcome],
      value: ({ outcome }) => words.outcomes[outcome],
    },
    {
      key: "load",
      label: `${words.load}, ${unit.name}`,
      isNumber: true,
      show: ({ load_kw }) => load(load_kw, unit).value,
      value: ({ load_kw }) => load_kw,
    },
    {
      key: "below",
      label: words.below,
      isNumber: true,
      // in a unit of its own: next to gigawatts it would be nothing
      show: ({ below_peak_kw }) =>
        below_peak_kw === null ? UNKNOWN : written(load(below_peak_kw)),
      value: ({ below_peak_kw }) => below_peak_kw,
    },
  ];
}
