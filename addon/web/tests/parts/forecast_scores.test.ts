import { expect, test } from "vitest";
import type { ScoreAnswer } from "../../src/api/forecasts";
import {
  correctionOf,
  errorsByHorizon,
  headlineScore,
  isPoint,
  largestError,
  scoresOf,
} from "../../src/parts/forecast_scores";

function score(told: Partial<ScoreAnswer>): ScoreAnswer {
  return {
    channel: "general",
    forecast: "predicted",
    horizon_minutes: 60,
    count: 100,
    days: 20,
    is_small: false,
    mae: 2,
    bias: 1,
    pinball: 1,
    persistence_mae: 4,
    skill: 0.5,
    ...told,
  };
}

test("horizons come from the shortest on, each with what can be compared", () => {
  const scores = [
    score({ horizon_minutes: 1440, mae: 5 }),
    score({ horizon_minutes: 30, mae: 1, persistence_mae: null }),
    score({ horizon_minutes: 30, forecast: "spot", mae: 3, persistence_mae: 2 }),
    score({ horizon_minutes: 30, forecast: "low", mae: 9 }),
    score({ horizon_minutes: 120, mae: null, persistence_mae: null }),
  ];
  expect(errorsByHorizon(scores)).toEqual([
    {
      minutes: 30,
      errors: [
        { forecast: "predicted", mae: 1 },
        { forecast: "spot", mae: 3 },
      ],
      persistence: 2,
    },
    {
      minutes: 1440,
      errors: [{ forecast: "predicted", mae: 5 }],
      persistence: 4,
    },
  ]);
});

test("the largest error may be that of persistence", () => {
  expect(largestError(errorsByHorizon([score({ mae: 2, persistence_mae: 4 })]))).toBe(
    4,
  );
  expect(largestError(errorsByHorizon([score({ persistence_mae: null })]))).toBe(2);
  expect(largestError([])).toBe(0);
});

test("the best forecast nearest to an hour ahead is told in words", () => {
  const best = score({ forecast: "spot", mae: 1.5 });
  const scores = [
    score({ horizon_minutes: 30, mae: 0.1 }),
    score({}),
    best,
    score({ forecast: "low", mae: 0.2 }),
    score({ horizon_minutes: 240, mae: 0.1 }),
  ];
  expect(headlineScore(scores)).toBe(best);
  expect(headlineScore([score({ mae: null })])).toBeNull();
});

test("an area's scores have no channel", () => {
  const [of, other] = [score({ channel: null }), score({})];
  expect(scoresOf([of, other], null)).toEqual([of]);
  expect(scoresOf([of, other], "general")).toEqual([other]);
});

test("ends of a band are no forecast of what will be, and have no correction", () => {
  const spot = {
    channel: "general",
    forecast: "spot",
    horizon_minutes: 60,
    is_on: true,
    gain: 0.1,
  };
  expect(isPoint(score({ forecast: "high" }))).toBe(false);
  expect(correctionOf([spot], score({ forecast: "high" }))).toBeUndefined();
  expect(correctionOf([spot], score({ forecast: "spot" }))).toBe(spot);
});
