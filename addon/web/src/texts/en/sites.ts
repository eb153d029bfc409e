/** What Amber's sites and their channels are called. */

export const sites = {
  site: "Site",
  channel: "Channel",
  allChannels: "All channels",
  channels: {
    general: "General",
    controlledLoad: "Controlled load",
    feedIn: "Feed-in",
  } as Record<string, string>,
  gone: (name: string) => `${name} (no longer in the account)`,
  none: "No site of an Amber account is known yet.",
  notSet: "No Amber account is set up: prices, usage and costs need its token.",
  soon: "The first run brings them; this page fills by itself.",
  add: "Add your Amber token",
  backfill: {
    reading: (share: string) =>
      `History is being read, ${share} so far: what is missing here may still come.`,
    waiting: (at: string) => `It waits until ${at}, so that calls are left for prices.`,
  },
};
