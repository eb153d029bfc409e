/** Cells as text, each by the type of its column; pure. */

import type { CellValue, ColumnType } from "../../api/tables";
import { UNKNOWN } from "../../format/numbers";
import { texts } from "../../texts/texts";

const formats = new Map<string, Intl.NumberFormat>();

/** Returns a number with all of its digits; numbers of things are not grouped. */
function numberText(value: number, column: string, locale?: string): string {
  const isName = /(^|_)id$/.test(column);
  const key = `${locale ?? ""} ${isName}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, {
      maximumFractionDigits: 10,
      useGrouping: !isName,
    });
    formats.set(key, format);
  }
  return format.format(value).replace("-", "−");
}

/** Returns an ISO time as it stands, with its clock in words. */
function timeText(iso: string): string {
  return iso
    .replace("T", " ")
    .replace(/(Z|\+00:00)$/, " UTC")
    .replace(/\+10:00$/, " UTC+10");
}

/** Returns what stands in a cell. */
export function cellText(
  value: CellValue | undefined,
  type: ColumnType,
  column: string,
  locale?: string,
): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === "boolean") return value ? texts.tables.yes : texts.tables.no;
  if (typeof value === "number") return numberText(value, column, locale);
  return type === "time" ? timeText(value) : value;
}
