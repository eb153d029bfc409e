/** What the first page says. */

export const now = {
  price: {
    heading: (site: string) => `Price now, ${site}`,
    feedIn: "Feed-in earns",
    controlledLoad: "Controlled load costs",
    confirmed: "confirmed",
    estimate: "estimate",
    until: (at: string) => `until ${at}`,
    renewables: (share: string) => `${share} renewable`,
    none: "There is no price for the present interval yet.",
    cheapest: (length: string) => `Cheapest ${length} to come`,
    between: (from: string, to: string) => `${from} to ${to}`,
    unknown: "not known yet",
    chart: "Price, hours to come",
    summary: (low: string, lowAt: string, high: string, highAt: string) =>
      `Lowest ${low} at ${lowAt}, highest ${high} at ${highAt}.`,
    settled: "Price",
    expected: "Expected, with its range",
    signIn:
      "Prices are your household's: sign in with the server's API key to see them.",
  },
  load: {
    heading: (area: string) => `Load, ${area}`,
    area: "Area",
    hour: (at: string) => `hour from ${at}`,
    share: (share: string, peak: string, at: string) =>
      `${share} of this month's peak: ${peak}, ${at}.`,
    headroom: (room: string) => `${room} below it.`,
    atPeak: "This is this month's peak so far.",
    peak: "this month's peak",
    passes: (load: string, at: string) =>
      `The forecast passes this month's peak: ${load}, ${at}.`,
    chart: "Load, last day and forecast",
    summary: (low: string, high: string, at: string) =>
      `Between ${low} and ${high}, the most at ${at}.`,
    actual: "Load",
    forecast: "Forecast",
    none: "Nothing is known of this area yet.",
  },
  collecting: {
    heading: "Collecting",
    every: (minutes: string) => `every ${minutes}`,
    next: (minutes: string, at: string) => `every ${minutes}, next at ${at}`,
    running: "collecting now",
    refused: (at: string) => `The key is refused since ${at}: check it in Settings.`,
    since: (message: string, at: string) => `${message} (since ${at})`,
    fine: "Everything is being collected.",
    look: "Something wants a look.",
    runs: (count: string) => `${count} runs in 24 hours`,
    outcomes: (failed: string) => `${failed} of them not complete`,
    allComplete: "all of them complete",
    storage: (problem: string, at: string) =>
      `Nothing can be stored since ${at}: ${problem}`,
    stored: (records: string, size: string) => `${records} values stored in ${size}`,
    backfill: "History",
    backfillDone: (percent: string) => `${percent} of the history is here`,
    backfillLeft: (left: string) => `about ${left} to go`,
    backfillWaits: (at: string) =>
      `waits until ${at}, so that calls are left for prices`,
  },
  first: {
    heading: "Welcome",
    intro:
      "Energy Logger keeps every price, kilowatt-hour and kilowatt that your utilities publish. Two things to do: add your Amber token if you are Amber's customer, and choose your cooperative beside its load if you live on KAMO's lines.",
    amber: "Amber Electric",
    amberWhy:
      "Prices, usage and costs of your household. It takes a token, which you make in Amber's app under Settings, Developers.",
    amberDo: "Add your Amber token",
    kamo: "KAMO Power",
    kamoWhy:
      "Hourly loads of all cooperatives in Missouri and Oklahoma, and of their substations. It takes no key.",
    kamoDo: "Collect KAMO's loads",
    noAmber: "No Amber account yet.",
    noKamo: "KAMO's loads are not collected.",
    soon: "The first run is under way: this fills by itself.",
  },
};
