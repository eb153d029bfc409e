/** Loads of several areas over common times; pure. */

import type { SeriesAnswer } from "../../api/series";

/** Lines of one chart must be told apart; a fourth could not be. */
export const MOST_OVERLAYS = 3;

/** Returns the areas that an address names beside the chosen one. */
export function overlaysIn(text: string | undefined, area: string): readonly string[] {
  const named = (text ?? "").split(",").filter((one) => one !== "" && one !== area);
  return [...new Set(named)].slice(0, MOST_OVERLAYS);
}

/**
 * Returns answers as one; keys begin with the number of the answer, as in "0/actual".
 *
 * A time that an answer does not have is null in its series.
 */
export function joined(answers: readonly SeriesAnswer[]): SeriesAnswer {
  const [first] = answers;
  if (first === undefined) throw new TypeError("there must be an answer to join");
  const times = [...new Set(answers.flatMap((answer) => answer.times))].sort(
    (one, other) => one - other,
  );
  const place = new Map(times.map((time, at) => [time, at]));
  const series = answers.flatMap((answer, number) =>
    answer.series.map((one) => {
      const spread = (values: readonly (number | null)[]) => {
        const column = new Array<number | null>(times.length).fill(null);
        for (const [at, time] of answer.times.entries()) {
          column[place.get(time) ?? 0] = values[at] ?? null;
        }
        return column;
      };
      return {
        ...one,
        key: `${number}/${one.key}`,
        values: spread(one.values),
        min: one.min && spread(one.min),
        max: one.max && spread(one.max),
      };
    }),
  );
  return { ...first, times, series };
}
