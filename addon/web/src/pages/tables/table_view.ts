/** Which rows of which table an address names, and how the server is asked; pure. */

import type { Query } from "../../api/client";
import type { ColumnType } from "../../api/tables";
import { type Order, parseOrder } from "../../table/columns";

export const LIMITS = [50, 100, 250, 500, 1000] as const;
const USUAL_LIMIT = 50;
const SEPARATOR = "__";

export const OPERATORS = [
  "exact",
  "ne",
  "gt",
  "gte",
  "lt",
  "lte",
  "in",
  "contains",
  "isnull",
] as const;
export type Operator = (typeof OPERATORS)[number];

/** A condition that rows must meet. */
export interface Filter {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string;
}

export interface TableView {
  /** "" for the first. */
  readonly table: string;
  readonly filters: readonly Filter[];
  /** Null for the server's own order. */
  readonly order: Order | null;
  /** Null for all. */
  readonly columns: readonly string[] | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Returns the operators that a column of a type can be filtered by. */
export function operatorsOf(type: ColumnType): readonly Operator[] {
  if (type === "bool") return ["exact", "ne", "isnull"];
  return OPERATORS.filter((one) => one !== "contains" || type === "text");
}

/** Returns the key that a filter has in addresses and in the server's operation. */
export function filterKey({ column, operator }: Omit<Filter, "value">): string {
  return `${column}${SEPARATOR}${operator}`;
}

function filtersIn(view: Readonly<Record<string, string>>): readonly Filter[] {
  return Object.entries(view).flatMap(([key, value]): Filter[] => {
    const at = key.lastIndexOf(SEPARATOR);
    const operator = OPERATORS.find((one) => one === key.slice(at + SEPARATOR.length));
    if (at < 1 || operator === undefined) return [];
    return [{ column: key.slice(0, at), operator, value }];
  });
}

/** Returns what an address shows. */
export function tableView(view: Readonly<Record<string, string>>): TableView {
  const { table, sort, columns, limit, cursor } = view;
  return {
    table: table ?? "",
    filters: filtersIn(view),
    order: sort === undefined ? null : parseOrder(sort, { by: "", isDescending: true }),
    columns: columns === undefined ? null : columns.split(","),
    limit: LIMITS.find((one) => one === Number(limit)) ?? USUAL_LIMIT,
    cursor: cursor ?? null,
  };
}

/** Returns how the server is asked for it. */
export function tableQuery({ filters, order, columns, limit, cursor }: TableView) {
  const query: Record<string, Query[string]> = {
    limit,
    cursor,
    sort_by: order?.by,
    sort_order: order === null ? null : order.isDescending ? "desc" : "asc",
    columns: columns?.join(","),
  };
  for (const filter of filters) query[filterKey(filter)] = filter.value;
  return query;
}

/** Returns the value that an address has for a limit; null for the usual one. */
export function limitText(limit: number): string | null {
  return limit === USUAL_LIMIT ? null : String(limit);
}
