/** A chart's lines and marks as uPlot wants them. */

import uPlot from "uplot";
import { decimal } from "../format/numbers";
import type { ZoneName } from "../time/zones";
import { type ChartData, gaps, held, type Level, type Line, withEnd } from "./data";
import { timeMarks } from "./labels";

/** Returns a colour of the page, such as "--kamo", as canvases take it. */
export type Paint = (name: string) => string;

/** All that is drawn. */
export interface Plot {
  readonly data: ChartData;
  readonly levels: readonly Level[];
  /** Where the present is marked; null not at all. */
  readonly now: number | null;
  readonly nowLabel: string;
  readonly zone: ZoneName;
}

const DASHES: Record<Line["dash"], number[]> = {
  solid: [],
  dashed: [7, 5],
  dotted: [2, 4],
  "dash-dotted": [9, 4, 2, 4],
  "long-dashed": [14, 4],
};
const HATCH_PX = 7;

/** Returns the columns that uPlot draws: times, every line, and both ends of each band. */
export function alignedData({ times, lines }: ChartData): uPlot.AlignedData {
  const drawn = (line: Line, values: Line["values"]) =>
    line.shape === "steps" ? held(times, values) : values;
  const columns = [
    ...lines.map((line) => drawn(line, line.values)),
    ...lines.flatMap((line) =>
      line.band ? [drawn(line, line.band.high), drawn(line, line.band.low)] : [],
    ),
  ];
  const hasSteps = lines.some(({ shape }) => shape === "steps");
  return [
    hasSteps ? withEnd(times) : times,
    ...columns,
  ] as unknown as uPlot.AlignedData;
}

/** Returns everything but data and size. */
export function plotOptions(
  plot: Plot,
  paint: Paint,
  font: string,
): Omit<uPlot.Options, "width" | "height"> {
  const { data, zone } = plot;
  const units = [...new Set(data.lines.map(({ unit }) => unit))];
  const withBand = data.lines.filter(({ band }) => band !== undefined);
  return {
    legend: { show: false },
    padding: [24, units.length > 1 ? 0 : 12, 0, 0],
    scales: Object.fromEntries([
      ["x", { time: false }],
      ...units.map((unit) => [unit, { range: rangeOf(plot, unit) }]),
    ]),
    series: [
      {},
      ...data.lines.map((line) => series(line, paint)),
      ...withBand.flatMap((line) => [bandEdge(line), bandEdge(line)]),
    ],
    bands: withBand.map((line, number) => {
      const high = 1 + data.lines.length + 2 * number;
      return {
        series: [high, high + 1],
        fill: transparent(paint(`--${line.colour}`), 0.18),
      };
    }),
    axes: [
      timeAxis(zone, paint, font),
      ...units.map((unit, number) => valueAxis(plot, unit, number, paint, font)),
    ],
    cursor: { y: false, drag: { x: true, y: false, setScale: false } },
    hooks: {
      drawClear: [(u) => drawGaps(u, data, paint)],
      draw: [(u) => drawMarks(u, plot, paint, font)],
    },
  };
}

function series(line: Line, paint: Paint): uPlot.Series {
  const colour = paint(`--${line.colour}`);
  const drawn: uPlot.Series = {
    label: line.label,
    scale: line.unit,
    stroke: colour,
    width: line.shape === "bars" ? 1 : 2,
    dash: DASHES[line.dash],
    points: { show: false },
  };
  if (line.shape === "steps" && uPlot.paths.stepped) {
    drawn.paths = uPlot.paths.stepped({ align: 1 });
  }
  if (line.shape === "bars" && uPlot.paths.bars) {
    drawn.paths = uPlot.paths.bars({ size: [0.8, 64], align: 1 });
    drawn.fill = transparent(colour, line.dash === "solid" ? 0.75 : 0.25);
  }
  // a value between two gaps has no line of its own
  if (line.shape === "line") {
    drawn.points = { show: true, size: 5, fill: colour, filter: lonely };
  }
  return drawn;
}

function lonely(u: uPlot, number: number): number[] | null {
  const values = u.data[number] ?? [];
  const found: number[] = [];
  const [from, to] = u.series[0]?.idxs ?? [0, -1];
  for (let at = from; at <= to; at += 1) {
    const isAlone =
      (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
    if ((values[at] ?? null) !== null && isAlone) found.push(at);
  }
  return found;
}

function bandEdge({ unit }: Line): uPlot.Series {
  return { scale: unit, width: 0, points: { show: false } };
}

function rangeOf({ data, levels }: Plot, unit: string): uPlot.Scale.Range {
  const has = (shape: Line["shape"]) =>
    data.lines.some((line) => line.unit === unit && line.shape === shape);
  const also = levels.filter((level) => level.unit === unit).map(({ value }) => value);
  return (_u, low, high) => {
    // uPlot has nothing to tell where no value is seen
    const ends = [low, high, ...also].filter((value) => value !== null);
    if (ends.length === 0) return [0, 1];
    const lowest = Math.min(...ends);
    const highest = Math.max(...ends);
    const room = (highest - lowest || Math.abs(highest) || 1) * 0.08;
    const startsAtZero = has("bars") && lowest >= 0;
    return [startsAtZero ? 0 : lowest - room, highest + room];
  };
}

function timeAxis(zone: ZoneName, paint: Paint, font: string): uPlot.Axis {
  const marks = (u: uPlot, from: number, to: number) =>
    timeMarks(zone, from, to, u.bbox.width / devicePixelRatio);
  return {
    stroke: paint("--ink-soft"),
    font,
    size: 44,
    gap: 4,
    grid: { stroke: paint("--line"), width: 1 },
    ticks: { stroke: paint("--line"), size: 5, width: 1 },
    splits: (u, _axis, from, to) => marks(u, from, to).map(({ at }) => at),
    values: (u) =>
      marks(u, u.scales.x?.min ?? 0, u.scales.x?.max ?? 0).map(({ label }) => label),
  };
}

function valueAxis(
  { data }: Plot,
  unit: string,
  number: number,
  paint: Paint,
  font: string,
): uPlot.Axis {
  const most = Math.max(
    0,
    ...data.lines.filter((line) => line.unit === unit).map(({ digits }) => digits),
  );
  return {
    scale: unit,
    side: number === 0 ? 3 : 1,
    stroke: paint("--ink-soft"),
    font,
    gap: 6,
    size: (_u, values) =>
      18 + 7.2 * Math.max(2, ...(values ?? []).map((v) => v.length)),
    grid: number === 0 ? { stroke: paint("--line"), width: 1 } : { show: false },
    ticks: { show: false },
    values: (_u, splits, _axis, _space, step) => {
      const digits = Math.min(most, Math.max(0, Math.ceil(-Math.log10(step))));
      return splits.map((value) => decimal(value, digits));
    },
  };
}

function drawGaps(u: uPlot, { times, lines }: ChartData, paint: Paint): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = paint("--line-strong");
  ctx.globalAlpha = 0.55;
  for (const { from, to } of lines
    .filter(({ marksGaps }) => marksGaps)
    .flatMap(({ values }) => gaps(times, values))) {
    const left = Math.max(bbox.left, u.valToPos(from, "x", true));
    const right = Math.min(bbox.left + bbox.width, u.valToPos(to, "x", true));
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.beginPath();
    const step = HATCH_PX * devicePixelRatio;
    for (let x = left - bbox.height; x < right; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

function drawMarks(u: uPlot, plot: Plot, paint: Paint, font: string): void {
  const { ctx, bbox } = u;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.font = font.replace(/([\d.]+)px/, (_all, size) => `${Number(size) * scale}px`);
  ctx.lineWidth = scale;
  for (const { value, unit, label } of plot.levels) {
    const y = Math.round(u.valToPos(value, unit, true));
    ctx.strokeStyle = paint("--ink-soft");
    ctx.setLineDash([2 * scale, 3 * scale]);
    line(ctx, bbox.left, y, bbox.left + bbox.width, y);
    ctx.fillStyle = paint("--ink");
    ctx.textAlign = "left";
    ctx.fillText(label, bbox.left + 6 * scale, y - 5 * scale);
  }
  ctx.fillStyle = paint("--ink-soft");
  for (const [number, unit] of [
    ...new Set(plot.data.lines.map((l) => l.unit)),
  ].entries()) {
    ctx.textAlign = number === 0 ? "left" : "right";
    const x = number === 0 ? 2 * scale : ctx.canvas.width - 2 * scale;
    ctx.fillText(unit, x, bbox.top - 8 * scale);
  }
  if (plot.now !== null) {
    const x = Math.round(u.valToPos(plot.now, "x", true));
    if (x >= bbox.left && x <= bbox.left + bbox.width) {
      ctx.strokeStyle = paint("--ink");
      ctx.setLineDash([]);
      line(ctx, x, bbox.top - 18 * scale, x, bbox.top + bbox.height);
      ctx.fillStyle = paint("--ink");
      ctx.textAlign = x > bbox.left + bbox.width / 2 ? "right" : "left";
      const aside = (ctx.textAlign === "left" ? 5 : -5) * scale;
      ctx.fillText(plot.nowLabel, x + aside, bbox.top - 8 * scale);
    }
  }
  ctx.restore();
}

function line(
  ctx: CanvasRenderingContext2D,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

/** Returns a colour, as the browser computes it, seen through. */
function transparent(colour: string, share: number): string {
  return `color-mix(in srgb, ${colour} ${share * 100}%, transparent)`;
}
