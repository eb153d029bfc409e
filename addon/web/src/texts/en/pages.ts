/** What pages are called. */

export const pages = {
  now: "Now",
  prices: "Prices",
  inspector: "Inspector",
  settings: "Settings",
};
