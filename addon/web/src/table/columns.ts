/** Columns of tables, and rows in the order of one of them; pure. */

/** A column; without `value` it cannot be sorted by. */
export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  readonly isNumber?: boolean;
  /** Whether its cells are not broken into lines, as of times and short words. */
  readonly isUnbroken?: boolean;
  /** What stands in the cell. */
  readonly show: (row: Row) => unknown;
  /** What rows are sorted by. */
  readonly value?: (row: Row) => string | number | null;
}

/** By which column, and which way. */
export interface Order {
  readonly by: string;
  readonly isDescending: boolean;
}

/** Returns rows in an order; those without a value come last, equal ones stay as they are. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | null,
): readonly Row[] {
  const value = columns.find(({ key }) => key === order?.by)?.value;
  if (order === null || value === undefined) return rows;
  const way = order.isDescending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [left, right] = [value(one), value(other)];
    if (left === null || right === null) {
      return Number(left === null) - Number(right === null);
    }
    if (typeof left === "string" || typeof right === "string") {
      return (
        way * String(left).localeCompare(String(right), undefined, { numeric: true })
      );
    }
    return way * (left - right);
  });
}

/** Returns the order that an address names, such as "-load". */
export function parseOrder(text: string | undefined, fallback: Order): Order {
  if (text === undefined || text === "") return fallback;
  const isDescending = text.startsWith("-");
  return { by: isDescending ? text.slice(1) : text, isDescending };
}

/** Returns an order as addresses name it. */
export function formatOrder({ by, isDescending }: Order): string {
  return isDescending ? `-${by}` : by;
}
