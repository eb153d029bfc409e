/** What pages are called. */

export const pages = {
  now: "Now",
  prices: "Prices",
  inspector: "Inspector",
  peaks: "Peaks",
  health: "Data health",
  tables: "Tables",
  settings: "Settings",
};
