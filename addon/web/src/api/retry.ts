/** When a question that failed is asked again; pure. */

const SHORTEST_S = 5;
const LONGEST_S = 60;

/**
 * Returns in how many seconds to try again.
 *
 * @param failures - How many attempts failed in a row, this one included.
 * @param askedForS - What the server said, which is kept to.
 */
export function retryInS(failures: number, askedForS: number | null): number {
  const doubled = SHORTEST_S * 2 ** Math.max(0, failures - 1);
  return Math.max(askedForS ?? 0, Math.min(doubled, LONGEST_S));
}
