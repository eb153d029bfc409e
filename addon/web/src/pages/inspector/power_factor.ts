/** Power factors of substations, and what is to be thought of them; pure. */

import type { SubstationReading } from "../../api/kamo";

/** Below this, a power factor is poor. */
export const POOR_BELOW = 0.85;
/** Below this, it could be better. */
export const FAIR_BELOW = 0.95;

export type Verdict = "poor" | "fair" | "good";

/**
 * Returns P/√(P²+Q²) of a reading; null without load or where its kVAR are not known.
 *
 * KAMO's own figure has the sign of the kVAR, and is 0 without any.
 */
export function factorOf({ kw, kvar }: SubstationReading): number | null {
  if (kvar === null) return null;
  const apparent = Math.hypot(kw, kvar);
  return apparent === 0 ? null : Math.abs(kw) / apparent;
}

/** Returns what a power factor is worth, as it is shown: with three decimals. */
export function verdictOn(factor: number): Verdict {
  const shown = Math.round(factor * 1000) / 1000;
  if (shown < POOR_BELOW) return "poor";
  return shown < FAIR_BELOW ? "fair" : "good";
}

/** Returns how many substations are poor, and how many fair. */
export function verdictCounts(readings: readonly SubstationReading[]): {
  readonly poor: number;
  readonly fair: number;
} {
  const verdicts = readings
    .map(factorOf)
    .filter((factor) => factor !== null)
    .map(verdictOn);
  return {
    poor: verdicts.filter((verdict) => verdict === "poor").length,
    fair: verdicts.filter((verdict) => verdict === "fair").length,
  };
}
