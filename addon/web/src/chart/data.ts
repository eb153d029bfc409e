/** What a chart draws; pure. */

/** One line, or one row of bars, over the times of its chart. */
export interface Line {
  readonly label: string;
  /** As written behind its values; lines of another unit get an axis of their own. */
  readonly unit: string;
  /** One for each time; null is a gap, which is drawn as one. */
  readonly values: readonly (number | null)[];
  /** Lowest and highest around each value, drawn as a band. */
  readonly band?: {
    readonly low: readonly (number | null)[];
    readonly high: readonly (number | null)[];
  };
  readonly shape: "line" | "steps" | "bars";
  /** Lines of one chart differ in this too, so that colour never tells them apart alone. */
  readonly dash: "solid" | "dashed" | "dotted" | "dash-dotted" | "long-dashed";
  readonly colour: "amber" | "kamo" | "accent" | "good" | "bad" | "ink-soft";
  /** Decimals of its values. */
  readonly digits: number;
  /** Whether stretches without a value are hatched. */
  readonly marksGaps?: boolean;
}

/** Lines over common times. */
export interface ChartData {
  /** Start of each point (milliseconds since 1970), ascending. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}

/** A level across the whole chart, such as this month's peak. */
export interface Level {
  readonly label: string;
  readonly unit: string;
  readonly value: number;
}

/** Stretch of time, in milliseconds; its end does not belong to it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Returns the positions (from, to) of the times that lie within a span. */
export function within(times: readonly number[], { from, to }: Span): [number, number] {
  return [firstFrom(times, from), firstFrom(times, to)];
}

/** Returns the position of the first time that is not before `at`. */
function firstFrom(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the position of the time next to `at`; -1 without any. */
export function nearest(times: readonly number[], at: number): number {
  const after = firstFrom(times, at);
  const before = after - 1;
  const [one, other] = [times[before], times[after]];
  if (other === undefined) return before;
  if (one === undefined) return after;
  return at - one <= other - at ? before : after;
}

/** Returns the stretches in which a line has no value, from its first to its last. */
export function gaps(
  times: readonly number[],
  values: readonly (number | null)[],
): Span[] {
  const found: Span[] = [];
  let before: number | undefined;
  let isOpen = false;
  for (const [at, time] of times.entries()) {
    if ((values[at] ?? null) === null) {
      isOpen = before !== undefined;
      continue;
    }
    if (isOpen && before !== undefined) found.push({ from: before, to: time });
    isOpen = false;
    before = time;
  }
  return found;
}

/** Returns times with one more: where the step of the last one ends. */
export function withEnd(times: readonly number[]): number[] {
  const [before, last] = [times.at(-2), times.at(-1)];
  if (last === undefined) return [];
  return [...times, last + (before === undefined ? 1 : last - before)];
}

/**
 * Returns the values of steps with the end of each stretch held for one time more, which
 * draws its last step as wide as it is.
 */
export function held(
  times: readonly number[],
  values: readonly (number | null)[],
): (number | null)[] {
  const ends = withEnd(times);
  return ends.map((_time, at) => values[at] ?? values[at - 1] ?? null);
}
