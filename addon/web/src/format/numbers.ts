/** Numbers as the reader's language writes them; pure. */

/** A number and its unit, apart, so that a page can set them in different sizes. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** What stands where a number is not known. */
export const UNKNOWN = "–";

const formats = new Map<string, Intl.NumberFormat>();

/** Returns a number with so many decimals; a true minus sign, the reader's separators. */
export function decimal(value: number, digits: number, locale?: string): string {
  const key = `${locale ?? ""} ${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      // a rounded nothing has no sign
      signDisplay: "negative",
    });
    formats.set(key, format);
  }
  return format.format(value).replace("-", "−");
}

/** Returns a whole number with the reader's separators. */
export function count(value: number, locale?: string): string {
  return decimal(value, 0, locale);
}

/** Returns a share (0 to 1) as per cent. */
export function percent(share: number, digits = 0, locale?: string): string {
  return new Intl.NumberFormat(locale, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}

/** Returns a quantity as text, with a space that does not break. */
export function written({ value, unit }: Quantity): string {
  return unit === "" ? value : `${value}\u00a0${unit}`;
}
