/** What is said of how good forecasts were. */

export const forecasts = {
  heading: "Which forecast to trust, how far ahead",
  days: (days: string) => `last ${days} days`,
  names: {
    spot: "Spot",
    predicted: "Predicted",
    low: "Low end",
    high: "High end",
  } as Record<string, string>,
  persistence: "As it was",
  none: "No forecast can be scored yet: one is kept as its interval begins, and scored when what came is settled.",
  few: (days: string) =>
    `These are scores of ${days} days only: with fewer than 14 they say little.`,
  picture: "Mean error: the shorter, the better",
  better: (ahead: string, name: string, error: string, share: string) =>
    `${ahead} ahead “${name}” was off by ${error} on average, ${share} less than if all had stayed as it was.`,
  worse: (ahead: string, name: string, error: string) =>
    `${ahead} ahead “${name}” was off by ${error} on average: no better than if all had stayed as it was.`,
  off: (ahead: string, name: string, error: string) =>
    `${ahead} ahead “${name}” was off by ${error} on average.`,
  explained:
    "Bias: above 0 the forecast was too high. Skill: how much of the error of “as it was” the forecast avoids; below 0 it is worse. Corrected: whether taking off the mean error of the last 7 days was better over the last 60.",
  explainedBand:
    "Pinball loss judges a band, whose low end, middle and high end are taken as 10, 50 and 90 % here; Amber does not say what they are.",
  of: (intervals: string, days: string) =>
    `That is of ${intervals} intervals on ${days} days.`,
  table: {
    label: "All figures",
    ahead: "Ahead",
    forecast: "Forecast",
    error: "Mean error",
    bias: "Bias",
    skill: "Skill",
    pinball: "Pinball loss",
    count: "Intervals",
    days: "Days",
    correction: "Corrected",
  },
  correction: {
    on: (share: string) => `yes, ${share} better`,
    off: "no, not better",
    open: "too few days",
  },
};
