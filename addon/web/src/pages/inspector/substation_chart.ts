/** How a substation's load and power factor are drawn; pure. */

import { chartData, type LineStyle, type SeriesAnswer, spanOf } from "../../api/series";
import { written } from "../../format/numbers";
import { dayTime } from "../../format/times";
import { KW, load } from "../../format/units";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { extremes } from "./extremes";

const words = texts.inspector.substation;

/** Returns what the chart of a substation draws, and says. */
export function substationChart(answer: SeriesAnswer) {
  const loads = answer.series.find(({ key }) => key === "load")?.values ?? [];
  const ends = extremes(answer.times, loads);
  const when = (atS: number) => dayTime(atS * 1000, CENTRAL);
  const summary = ends
    ? words.summary(
        written(load(ends.low.value, KW)),
        when(ends.low.at),
        written(load(ends.high.value, KW)),
        when(ends.high.at),
      )
    : words.none;
  return {
    data: chartData(answer, (key) => lineStyle(key)),
    limits: spanOf(answer),
    summary,
  };
}

function lineStyle(key: string): LineStyle | null {
  switch (key) {
    case "load":
      return {
        label: words.load,
        unit: KW.name,
        digits: KW.digits,
        shape: "line",
        dash: "solid",
        colour: "kamo",
        marksGaps: true,
      };
    case "power_factor":
      return {
        label: words.factor,
        unit: "",
        digits: 3,
        shape: "line",
        dash: "dotted",
        colour: "accent",
      };
    default:
      return null;
  }
}
