/** What the page of usage and cost says. */

import type { Length } from "../../time/dates";

export const usage = {
  measure: "Bars show",
  measures: { energy: "Energy", cost: "Cost" },
  headings: { energy: "Energy drawn and fed in", cost: "Cost and earnings" },
  channels: {
    general: "General",
    controlledLoad: "Controlled load",
    feedIn: "Feed-in, below zero where it takes away",
  } as Record<string, string>,
  keys: "Arrow keys look at a bar, Enter opens it.",
  totals: "Net cost",
  imported: "Drawn",
  fedIn: "Fed in",
  cost: "Cost",
  earned: "Earned",
  mean: "Mean price",
  meanImported: "Mean price drawn",
  meanFedIn: "Mean price fed in",
  beforeNone: (span: string) => `No usage is stored of ${span}.`,
  asMuchOf: (span: string) => `as much of ${span}`,
  more: (cost: string, before: string) => `${cost} more than ${before}.`,
  less: (cost: string, before: string) => `${cost} less than ${before}.`,
  beforeSpan: {
    day: "the day before",
    week: "the week before",
    month: "the month before",
    year: "the year before",
  } as Readonly<Record<Length, string>>,
  summary: (drawn: string, cost: string, fedIn: string, earned: string) =>
    `Drawn ${drawn} for ${cost}, fed in ${fedIn} for ${earned}.`,
  detail: (when: string, drawn: string, fedIn: string, net: string) =>
    `${when}: drawn ${drawn}, fed in ${fedIn}, net ${net}.`,
  nextDay: "Usage arrives on the next day, about 3 am NEM time.",
  empty: "No usage of these dates is stored.",
  credit: "Earnings below zero are what feeding in cost you.",
  tariff: {
    heading: "By tariff period",
    period: "Period",
    channel: "Channel",
    energy: "Energy",
    share: "Share",
    cost: "Cost or earnings",
    mean: "Mean price",
    periods: {
      peak: "Peak",
      offPeak: "Off-peak",
      shoulder: "Shoulder",
      solarSponge: "Solar sponge",
    } as Readonly<Record<string, string>>,
    block: (number: number) => `Block ${number}`,
    window: "demand window",
    none: "No period named",
  },
  figures: "Figures",
  csv: "CSV",
  when: "When",
  state: "State",
  states: {
    complete: "complete",
    estimated: "estimated, may be revised",
    partial: "not complete",
    none: "no usage yet",
  },
};
