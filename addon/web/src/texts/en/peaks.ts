/** What the page of monthly peaks says. */

export const peaks = {
  now: {
    heading: (area: string) => `Load and peak, ${area}`,
    headingOf: (month: string, area: string) => `Peak of ${month}, ${area}`,
    load: (load: string, at: string) => `${load} now, in the hour from ${at}.`,
    meter: "Load as a share of the month's peak",
    share: (share: string) => `${share} of the peak`,
    peak: (at: string) => `the month's peak so far, ${at}`,
    room: (room: string) => `${room} below the peak.`,
    isPeak: "The load is at the month's peak.",
  },
  few: (days: string, least: string) =>
    `${days} of load are here so far. It takes ${least} before peaks and load factors mean much.`,
  days: (count: string) => `${count} days`,
  chart: {
    card: "Peaks by month",
    heading: (area: string) => `Peaks of ${area}`,
    oneMonth: "The chart begins with the second month.",
    peak: "Peak",
    coincident: "In the hour of KAMO's peak",
    summary: (peak: string, month: string, months: string) =>
      `Highest of ${months} months: ${peak} in ${month}.`,
  },
  table: {
    heading: "Month by month",
    month: "Month",
    peak: "Peak",
    at: "When, Central time",
    factor: "Load factor",
    coincident: "With KAMO's peak",
    share: "Coincidence",
    hours: "Known",
    running: "running",
    partial: "with gaps",
    hoursOf: (hours: string) => `${hours} h`,
    explained:
      "The load factor is the mean load as a share of the peak. Coincidence is the load in the hour of KAMO's own peak of the month, as a share of the area's peak: what the area contributes when all peak together.",
    explainedOfSum: "The load factor is the mean load as a share of the peak.",
    csv: "Download these months as CSV",
    save: "CSV",
  },
  none: "No load of this area has been collected yet.",
};
