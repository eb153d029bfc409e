/** How good forecasts were. */

export interface ScoreAnswer {
  /** Of a site; null of an area. */
  readonly channel: string | null;
  /** spot, predicted, low or high; of an area the label of KAMO's line. */
  readonly forecast: string;
  readonly horizon_minutes: number;
  readonly count: number;
  readonly days: number;
  /** Whether it is of too few days to say much. */
  readonly is_small: boolean;
  readonly mae: number | null;
  /** Above 0 too much was forecast. */
  readonly bias: number | null;
  /** Of a value of a band. */
  readonly pinball: number | null;
  readonly persistence_mae: number | null;
  /** 1 is without error, 0 as good as persistence. */
  readonly skill: number | null;
}

export interface CorrectionAnswer {
  readonly channel: string | null;
  readonly forecast: string;
  readonly horizon_minutes: number;
  readonly is_on: boolean;
  /** Null while too few days can be judged. */
  readonly gain: number | null;
}

export interface ScoresAnswer {
  readonly unit: string;
  readonly data: readonly ScoreAnswer[];
  readonly corrections: readonly CorrectionAnswer[];
}
