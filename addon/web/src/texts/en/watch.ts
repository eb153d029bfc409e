/** What the page of peaks says of the peak watch. */

export const watch = {
  heading: (area: string) => `Peak watch, ${area}`,
  budget: (left: string, budget: string) =>
    `${left} of ${budget} hours left to announce`,
  likelihood: {
    unlikely: "Unlikely",
    possible: "Possible",
    likely: "Likely",
  },
  within: (lead: string) =>
    `that the month's peak comes in this hour or in one that begins within ${lead}`,
  hours: (count: number, hours: string) => `${hours} ${count === 1 ? "hour" : "hours"}`,
  standing: (hours: string) => `Shed load if you can: ${hours} announced.`,
  clear: "No announced hour lies ahead.",
  between: (from: string, to: string) => `${from} to ${to}`,
  room: (room: string, peak: string, at: string) =>
    `${room} below the month's peak of ${peak}, ${at}.`,
  atPeak: (peak: string) => `The load is at the month's peak, ${peak}.`,
  untrained:
    "There is less than a year of history, so the watch goes by a threshold and knows no probabilities.",
  unset: "No area is watched yet.",
  settings: "Name one under PEAK_WATCH_AREA",
  blind: {
    never: "No load of this area has been stored yet; the watch begins with the first.",
    behind: (at: string, age: string) =>
      `Nothing can be forecast: the newest load is that of ${at}, ${age}. The watch looks again with the next one, once in each hour.`,
    early:
      "The watch has not looked since the server started; it does so after the next run of KAMO.",
  },
  chart: {
    heading: "The next 24 hours",
    summary: (load: string, at: string, low: string, high: string) =>
      `Highest ${load}, ${at}; eight loads of ten lie between ${low} and ${high} then.`,
    none: "There is too little history for a forecast: it takes about two months.",
    load: "Forecast, with its band",
    announced: "Announced",
    peak: "this month's peak",
  },
  log: {
    heading: "Announced hours, and what they were worth",
    none: "No hour has been announced yet.",
    tally: (caught: string, over: string) =>
      `Of ${over} months that are over, the peak of ${caught} was announced in time.`,
    running: "No month is over since the first announcement.",
    newest: (shown: string, all: string) => `The newest ${shown} of ${all} hours.`,
    hour: "Hour, Central time",
    said: "Said",
    likelihood: "Likelihood",
    outcome: "What came",
    load: "Load",
    below: "Below peak",
    outcomes: {
      pending: "not known yet",
      withdrawn: "withdrawn",
      highest: "highest so far",
      caught: "caught",
      false_alarm: "false alarm",
    },
    missed: (month: string, peak: string, at: string) =>
      `${month}: the peak of ${peak}, ${at}, was missed.`,
    explained:
      "A kW less in a caught hour is a kW less of the month's peak, as far as the next highest hour. A false alarm is an hour that another one of its month exceeds; what stands last is by how much.",
  },
};
