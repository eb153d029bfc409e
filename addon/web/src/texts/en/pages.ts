/** What pages are called. */

export const pages = {
  now: "Now",
  inspector: "Inspector",
  settings: "Settings",
};
