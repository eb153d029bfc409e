/** Scores of forecasts as a card shows them; pure. */

import type { CorrectionAnswer, ScoreAnswer } from "../api/forecasts";

/** Mean absolute errors at one horizon. */
export interface HorizonErrors {
  readonly minutes: number;
  readonly errors: readonly { readonly forecast: string; readonly mae: number }[];
  /** Of the forecast that all stays as it is; null where it is not known. */
  readonly persistence: number | null;
}

const ENDS_OF_BANDS = ["low", "high"];
const MINUTES_AN_HOUR = 60;

/** Whether a forecast says what will be, and not how low or high it may get. */
export function isPoint({ forecast }: { readonly forecast: string }): boolean {
  return !ENDS_OF_BANDS.includes(forecast);
}

/** Returns the scores of a channel; null is an area's. */
export function scoresOf<Row extends { readonly channel: string | null }>(
  rows: readonly Row[],
  channel: string | null,
): readonly Row[] {
  return rows.filter((row) => row.channel === channel);
}

/** Returns what can be compared at each horizon, the shortest first. */
export function errorsByHorizon(scores: readonly ScoreAnswer[]): HorizonErrors[] {
  const minutes = [...new Set(scores.map((one) => one.horizon_minutes))];
  return minutes
    .sort((one, other) => one - other)
    .map((horizon) => {
      const here = scores.filter(
        (one) => one.horizon_minutes === horizon && isPoint(one) && one.mae !== null,
      );
      return {
        minutes: horizon,
        errors: here.map(({ forecast, mae }) => ({ forecast, mae: mae ?? 0 })),
        persistence:
          here.find((one) => one.persistence_mae !== null)?.persistence_mae ?? null,
      };
    })
    .filter(({ errors }) => errors.length > 0);
}

/** Returns the largest error, to draw the others by. */
export function largestError(horizons: readonly HorizonErrors[]): number {
  const all = horizons.flatMap(({ errors, persistence }) => [
    ...errors.map(({ mae }) => mae),
    persistence ?? 0,
  ]);
  return Math.max(0, ...all);
}

/** Returns the score that is said in words: the best one an hour ahead. */
export function headlineScore(scores: readonly ScoreAnswer[]): ScoreAnswer | null {
  const known = scores.filter((one) => isPoint(one) && one.mae !== null);
  const away = (one: ScoreAnswer) => Math.abs(one.horizon_minutes - MINUTES_AN_HOUR);
  return known.reduce<ScoreAnswer | null>((best, one) => {
    if (best === null || away(one) < away(best)) return one;
    const isBetter = away(one) === away(best) && (one.mae ?? 0) < (best.mae ?? 0);
    return isBetter ? one : best;
  }, null);
}

/** Returns what is said of a forecast's correction; undefined of what never has one. */
export function correctionOf(
  corrections: readonly CorrectionAnswer[],
  { forecast, horizon_minutes }: ScoreAnswer,
): CorrectionAnswer | undefined {
  return corrections.find(
    (one) => one.forecast === forecast && one.horizon_minutes === horizon_minutes,
  );
}
