/** What the table of months says of each. */

import { html, nothing } from "lit";
import type { MonthAnswer } from "../../api/kamo";
import { count, percent, UNKNOWN } from "../../format/numbers";
import { dayTime, instant } from "../../format/times";
import { load, type Unit } from "../../format/units";
import type { Column } from "../../table/columns";
import { texts } from "../../texts/texts";
import { CENTRAL, startOfMonth } from "../../time/zones";
import { coincidence, monthStart } from "./months";

const words = texts.peaks.table;

/** Returns a share as per cent, or what stands for an unknown one. */
function share(value: number | null): string {
  return value === null ? UNKNOWN : percent(value, 1);
}

/**
 * Returns the columns.
 *
 * @param unit - Of all loads.
 * @param isSystem - Whether the months are KAMO's own, which coincide with themselves.
 */
export function monthColumns(
  unit: Unit,
  isSystem: boolean,
): readonly Column<MonthAnswer>[] {
  const columns: Column<MonthAnswer>[] = [
    {
      key: "month",
      label: words.month,
      show: (month) => html`${instant(monthStart(month.month), CENTRAL, "month")}
        ${state(month)}`,
      value: ({ month }) => month,
    },
    {
      key: "peak",
      label: `${words.peak}, ${unit.name}`,
      isNumber: true,
      show: ({ peak_kw }) => load(peak_kw, unit).value,
      value: ({ peak_kw }) => peak_kw,
    },
    {
      key: "at",
      label: words.at,
      show: ({ peak_at }) => dayTime(Date.parse(peak_at), CENTRAL),
    },
    {
      key: "factor",
      label: words.factor,
      isNumber: true,
      show: ({ load_factor }) => share(load_factor),
      value: ({ load_factor }) => load_factor,
    },
  ];
  const hours: Column<MonthAnswer> = {
    key: "hours",
    label: words.hours,
    isNumber: true,
    show: ({ hours }) => words.hoursOf(count(hours)),
    value: ({ hours }) => hours,
  };
  if (isSystem) return [...columns, hours];
  return [
    ...columns,
    {
      key: "coincident",
      label: `${words.coincident}, ${unit.name}`,
      isNumber: true,
      show: ({ coincident_kw }) => load(coincident_kw, unit).value,
      value: ({ coincident_kw }) => coincident_kw,
    },
    {
      key: "share",
      label: words.share,
      isNumber: true,
      show: (month) => share(coincidence(month)),
      value: coincidence,
    },
    hours,
  ];
}

function state({ month, is_complete }: MonthAnswer) {
  if (is_complete) return nothing;
  const isRunning = startOfMonth(CENTRAL, monthStart(month), 1) > Date.now();
  return html`<span class="soft small">
    (${isRunning ? words.running : words.partial})</span
  >`;
}
