/** What pages are called. */

export const pages = {
  now: "Now",
  settings: "Settings",
};
