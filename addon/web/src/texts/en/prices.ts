/** What the page of prices says. */

export const levels: Readonly<Record<string, string>> = {
  extremelyLow: "Extremely low",
  veryLow: "Very low",
  low: "Low",
  neutral: "Average",
  high: "High",
  spike: "Spike",
};

export const prices = {
  lines: {
    settled: "Price",
    expected: "Expected, with its range",
    spot: "Spot price",
    renewables: "Renewable share",
    renewablesExpected: "Renewable share, expected",
  },
  headings: {
    general: "What a kWh costs",
    controlledLoad: "What a kWh of controlled load costs",
    feedIn: "What a kWh fed in earns",
  } as Record<string, string>,
  signs: {
    general: "Above zero you pay for what you draw; below zero you are paid for it.",
    controlledLoad:
      "Above zero you pay for what you draw; below zero you are paid for it.",
    feedIn:
      "Above zero you earn with what you feed in; below zero feeding in costs you.",
  } as Record<string, string>,
  summary: (mean: string, low: string, lowAt: string, high: string, highAt: string) =>
    `Mean ${mean}; lowest ${low} (${lowAt}), highest ${high} (${highAt}).`,
  compared: (mean: string, other: string, date: string) =>
    `Where both are known, mean ${mean} against ${other} (${date}).`,
  comparedNot: (date: string) => `There is nothing to compare with (${date}).`,
  compare: "Compare with",
  compareDate: "Date to compare with",
  compares: {
    none: "Nothing",
    week: "A week earlier",
    date: "Another date",
  },
  spot: "Spot price",
  todayAhead: "Today and what is expected",
  noForecast: "There is no forecast at present: this is history only.",
  refused: (at: string) => `Amber refuses the key since ${at}: check it in Settings.`,
  byDay: "What is expected of prices is shown by the day.",
  empty: "No prices of these dates are stored.",
  renewables: {
    heading: "How renewable the grid is",
    summary: (mean: string, high: string, at: string) =>
      `Mean ${mean}, the most ${high} (${at}).`,
  },
  cheapest: {
    heading: "Cheapest to come",
    ahead: "within 24 hours",
    between: (from: string, to: string) => `${from} to ${to}`,
    unknown: "not enough prices are known",
  },
  levels: {
    heading: "Price levels",
    when: "When",
    level: "Level",
    price: "Mean price",
    state: "State",
    settled: "settled",
    expected: "expected",
    spike: (from: string, to: string, high: string) =>
      `Spike from ${from} to ${to}, up to ${high}.`,
  },
};
