/** Rows as CSV (RFC 4180) for a spreadsheet; pure. */

import { offsetMinutesAt, wallClockAt, type ZoneName } from "../time/zones";
import { type ChartData, type Span, within } from "./data";

type Cell = string | number | null;

function escaped(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  // a spreadsheet would run it as a formula
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns rows as CSV, the header first. */
export function csv(header: readonly string[], rows: readonly (readonly Cell[])[]) {
  return [header, ...rows].map((row) => `${row.map(escaped).join(",")}\r\n`).join("");
}

/** Returns an instant in ISO 8601 on the clock of `zone`, with its offset. */
export function isoIn(zone: ZoneName, atMs: number): string {
  const { year, month, day, hour, minute, second } = wallClockAt(zone, atMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const offset = offsetMinutesAt(zone, atMs);
  const ahead = `${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  const date = `${year}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}${offset < 0 ? "-" : "+"}${ahead}`;
}

/** Returns exactly what a chart shows of a span, as CSV. */
export function chartCsv(
  { times, lines }: ChartData,
  span: Span,
  zone: ZoneName,
): string {
  const [first, end] = within(times, span);
  const rows = times.slice(first, end).map((time, number): Cell[] => {
    const values = lines.flatMap(({ values, band }): Cell[] => [
      values[first + number] ?? null,
      ...(band === undefined
        ? []
        : [band.low[first + number] ?? null, band.high[first + number] ?? null]),
    ]);
    return [isoIn(zone, time), ...values];
  });
  const header = lines.flatMap(({ label, unit, band }) => {
    const name = unit === "" ? label : `${label} (${unit})`;
    return band === undefined ? [name] : [name, `${name} low`, `${name} high`];
  });
  return csv(["time", ...header], rows);
}

/** Lets the browser keep a text as a file. */
export function download(name: string, text: string, type = "text/csv"): void {
  const address = URL.createObjectURL(
    new Blob([text], { type: `${type};charset=utf-8` }),
  );
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
