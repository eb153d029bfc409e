/** Tables of the store, as ``/api/tables`` shows them. */

export type ColumnType = "text" | "number" | "bool" | "time" | "date";

export interface TableColumnAnswer {
  readonly name: string;
  readonly type: ColumnType;
}

export interface TableAnswer {
  readonly name: string;
  readonly description: string;
  readonly count: number;
  readonly count_is_estimate: boolean;
  readonly default_sort: string;
  readonly columns: readonly TableColumnAnswer[];
}

export interface TablesAnswer {
  readonly tables: readonly TableAnswer[];
}

export type CellValue = string | number | boolean | null;
export type TableRow = Readonly<Record<string, CellValue>>;

export interface TablePageAnswer {
  readonly table: string;
  readonly columns: readonly string[];
  readonly data: readonly TableRow[];
  /** Null when a filter makes it unknown. */
  readonly total: number | null;
  readonly total_is_estimate: boolean;
  readonly sort_by: string;
  readonly sort_order: "asc" | "desc";
  readonly cursor: string | null;
}
