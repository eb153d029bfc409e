/** What periods of dates are called. */

import type { Length } from "../../time/dates";

type OfLength = Readonly<Record<Length, string>>;

export const dates = {
  period: "Period",
  date: "Date",
  lengths: { day: "Day", week: "Week", month: "Month", year: "Year" } as OfLength,
  before: {
    day: "The day before",
    week: "The week before",
    month: "The month before",
    year: "The year before",
  } as OfLength,
  after: {
    day: "The day after",
    week: "The week after",
    month: "The month after",
    year: "The year after",
  } as OfLength,
  present: {
    day: "Today",
    week: "This week",
    month: "This month",
    year: "This year",
  } as OfLength,
};
