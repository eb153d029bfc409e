/** What the tables of a demand bill, and of faults of substations, say of each row. */

import { html, nothing } from "lit";
import type {
  BillAnswer,
  BilledDayAnswer,
  DeterminantsAnswer,
  FaultAnswer,
  SubstationMonthAnswer,
} from "../../api/bill";
import { decimal, UNKNOWN, written } from "../../format/numbers";
import { dayTime } from "../../format/times";
import { KW, load, type Unit } from "../../format/units";
import type { Column } from "../../table/columns";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";

const words = texts.bill;

/** A figure of the bill, as it stands and as it is projected. */
export interface Figure {
  readonly label: string;
  readonly soFar: number | null;
  readonly projected: number | null;
}

/** Returns the figures of a bill, in the order of their sum. */
export function figures({ so_far, projected }: DeterminantsAnswer): readonly Figure[] {
  const { peak, base, billed } = words.figures;
  const figure = (label: string, name: keyof BillAnswer): Figure => ({
    label,
    soFar: so_far === null ? null : so_far[name],
    projected: projected === null ? null : projected[name],
  });
  return [
    figure(peak, "peak_kw"),
    figure(base, "base_kw"),
    figure(billed, "billed_kw"),
  ];
}

/** Returns the substations' peaks of the newest month that has any. */
export function newestMonth(
  rows: readonly SubstationMonthAnswer[],
): readonly SubstationMonthAnswer[] {
  const newest = rows
    .map(({ month }) => month)
    .sort()
    .at(-1);
  return rows.filter(({ month }) => month === newest);
}

/** Returns what is wrong now. */
export function openFaults(rows: readonly FaultAnswer[]): readonly FaultAnswer[] {
  return rows.filter(({ ended_at }) => ended_at === null);
}

/** Returns the columns of figures. */
export function figureColumns(): readonly Column<Figure>[] {
  const { name, soFar, projected } = words.figures;
  const column = (key: "soFar" | "projected", label: string): Column<Figure> => ({
    key,
    label: `${label}, kW`,
    isNumber: true,
    show: (row) => load(row[key], KW).value,
  });
  return [
    { key: "label", label: name, show: ({ label }) => label },
    column("soFar", soFar),
    column("projected", projected),
  ];
}

/** Returns the columns of billed days. */
export function dayColumns(unit: Unit): readonly Column<BilledDayAnswer>[] {
  const { season, peak, at, above, nextOut } = words.days;
  return [
    { key: "season", label: season, show: (day) => words.days[day.season] },
    {
      key: "at",
      label: at,
      show: ({ peak_at }) => dayTime(Date.parse(peak_at), CENTRAL, "date"),
    },
    {
      key: "peak",
      label: `${peak}, ${unit.name}`,
      isNumber: true,
      show: ({ peak_kw }) => load(peak_kw, unit).value,
    },
    {
      key: "above",
      label: above,
      show: ({ is_billed, above_next_kw }) => {
        if (!is_billed) return html`<span class="soft">${nextOut}</span>`;
        return above_next_kw === null ? UNKNOWN : written(load(above_next_kw));
      },
    },
  ];
}

/** Returns the columns of substations' peaks; sortable. */
export function substationColumns(): readonly Column<SubstationMonthAnswer>[] {
  const { name, peak, at, remark } = words.substations;
  return [
    {
      key: "name",
      label: name,
      show: ({ substation_name }) => substation_name,
      value: ({ substation_name }) => substation_name,
    },
    {
      key: "peak",
      label: `${peak}, kW`,
      isNumber: true,
      show: ({ peak_kw }) => load(peak_kw, KW).value,
      value: ({ peak_kw }) => peak_kw,
    },
    {
      key: "at",
      label: at,
      show: ({ peak_at }) => dayTime(Date.parse(peak_at), CENTRAL),
    },
    {
      key: "remark",
      label: remark,
      show: (row) => remarks(row).join("; ") || nothing,
    },
  ];
}

/** Returns what is to be known of a substation's peak before it is believed. */
export function remarks({
  is_at_least,
  suspect_kw,
  note,
}: SubstationMonthAnswer): readonly string[] {
  const { incomplete, spike } = words.substations;
  return [
    ...(is_at_least ? [incomplete] : []),
    ...(suspect_kw === null ? [] : [spike(written(load(suspect_kw, KW)))]),
    ...(note === null ? [] : [note]),
  ];
}

/** Returns the columns of faults. */
export function faultColumns(): readonly Column<FaultAnswer>[] {
  const { fault, where, much, since, all, kinds } = words.faults;
  return [
    {
      key: "fault",
      label: fault,
      // a fault that is not known yet has its own name
      show: (row) => kinds[row.fault] ?? row.fault,
    },
    {
      key: "where",
      label: where,
      show: ({ substation_name }) => substation_name ?? all,
    },
    { key: "much", label: much, isNumber: true, show: amount },
    {
      key: "since",
      label: since,
      show: ({ began_at }) => dayTime(Date.parse(began_at), CENTRAL),
    },
  ];
}

function amount({ kw, kvar }: FaultAnswer): string {
  if (kvar !== null) return `${decimal(kvar, 0)}\u00a0kVAR`;
  return kw === null ? UNKNOWN : written(load(kw, KW));
}
