/** What the page of peaks says of a demand bill and of substations. */

export const bill = {
  heading: (year: string) => `What the bill of ${year} is made of`,
  figures: {
    label: "Figures of the year",
    name: "Figure",
    soFar: "So far",
    projected: "Projected",
    peak: "Peak demand: mean of the billed days",
    base: "Base demand: substations' own peaks, over twelve",
    billed: "Billed peak: what is above the base",
  },
  noFigures:
    "There is a figure once both seasons have a day and substations have been read.",
  few: (months: string) =>
    `The projection knows ${months} of 12 months of substations: its base is too low.`,
  less: (day: string, substation: string) =>
    `A kW less in the highest hour of a billed day takes ${day} kW off the billed peak; a kW less in a substation's own peak of a month adds ${substation} kW to it, since it lowers the base.`,
  days: {
    heading: "Hottest and coldest days",
    season: "Season",
    summer: "summer",
    winter: "winter",
    peak: "Peak",
    at: "When, Central time",
    above: "Above the next one out",
    nextOut: "next one out",
    none: "No day of summer or winter in this year yet.",
  },
  substations: {
    heading: (month: string) => `Substations' own peaks, ${month}`,
    name: "Substation",
    peak: "Peak",
    at: "When, Central time",
    remark: "Remark",
    incomplete: "at least: readings are missing",
    spike: (load: string) => `a spike of ${load} does not count`,
    none: "No substation of this area has been read in this year.",
  },
  faults: {
    heading: "Wrong with substations",
    fault: "Fault",
    where: "Substation",
    much: "How much",
    since: "Since, Central time",
    all: "the whole area",
    none: "Nothing is wrong with the substations' readings.",
    off: "Substations are not watched: SUBSTATION_HEALTH is off, or KAMO_SUBSTATION_AREAS leaves this area out.",
    kinds: {
      frozen: "Value stands still",
      zero: "No load",
      missing: "Missing in KAMO's list",
      sum_differs: "Sum is not the area's load",
      spike: "Spike: the month's peak, if it was real",
      lagging: "Lagging: capacitors are wanting",
      leading: "Leading: capacitors give too much",
    } as Record<string, string>,
  },
  csv: "All of it as CSV",
};
