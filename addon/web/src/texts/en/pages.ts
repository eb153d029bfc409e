/** What pages are called. */

export const pages = {
  now: "Now",
  prices: "Prices",
  usage: "Usage & cost",
  inspector: "Inspector",
  peaks: "Peaks",
  health: "Data health",
  tables: "Tables",
  backups: "Backups",
  settings: "Settings",
};
