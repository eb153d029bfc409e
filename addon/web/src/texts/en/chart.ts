/** What charts and tables say. */

export const chart = {
  showTable: "Show as a table",
  hideTable: "Hide the table",
  downloadCsv: "Download what is shown as CSV",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  earlier: "Earlier",
  later: "Later",
  reset: "Show everything",
  keys: "Arrow keys move the cursor, plus and minus zoom, shift and arrows move the view, 0 shows everything.",
  empty: "There is nothing to draw in this span.",
  time: "Time",
  times: (zone: string) => `Times are ${zone}.`,
  now: "now",
  kind: "chart",
  shortened: (shown: string, all: string) =>
    `The first ${shown} of ${all} rows; the CSV file has all.`,
};

export const table = {
  sortBy: (column: string) => `Sort by ${column}`,
  empty: "No rows.",
  first: "First page",
  next: "Next page",
};
