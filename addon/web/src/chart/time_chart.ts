/** The one chart: lines over time, with heading, summary, table and CSV. */

import { css, html, LitElement, nothing, type PropertyValues, unsafeCSS } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import uPlot from "uplot";
import uPlotStyle from "uplot/dist/uPlot.min.css?inline";
import { count, decimal, UNKNOWN, written } from "../format/numbers";
import { clockTime, instant, zoneLabel } from "../format/times";
import { icon } from "../parts/icon";
import { shared } from "../styles/shared";
import "../table/data_table";
import type { Column } from "../table/columns";
import { texts } from "../texts/texts";
import { browserZone, type ZoneName } from "../time/zones";
import { chartCsv, download } from "./csv";
import {
  type ChartData,
  type Level,
  type Line,
  nearest,
  type Span,
  within,
} from "./data";
import { listenForGestures } from "./gestures";
import { lineSample } from "./line_sample";
import { alignedData, type Plot, plotOptions } from "./plot";
import { moved, zoomed } from "./view_span";

const MOST_TABLE_ROWS = 500;
const ZOOM = 0.5;
const MOVE = 0.25;

/**
 * @fires span-change - Another part is seen; `detail` is a `Span`.
 * @slot - What else stands beside the buttons.
 */
@customElement("time-chart")
export class TimeChart extends LitElement {
  static override styles = [
    shared,
    unsafeCSS(uPlotStyle),
    css`
      :host {
        container-type: inline-size;
        display: block;
        min-width: 0;
      }
      .head {
        align-items: start;
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        justify-content: space-between;
      }
      .words {
        flex: 1 1 16rem;
        min-width: 0;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        margin-right: -0.5rem;
      }
      .tools button {
        padding: 0;
      }
      @media (pointer: fine) {
        .tools button {
          min-height: 2.1rem;
          min-width: 2.1rem;
        }
      }
      /* fingers do the same where buttons would take half the screen */
      @container (max-width: 26rem) {
        .tools .moves {
          display: none;
        }
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        font-size: var(--text-small);
        gap: 0.15rem 1.1rem;
        margin-block: 0.35rem;
        min-height: 1.5em;
      }
      .legend li {
        align-items: center;
        display: flex;
        gap: 0.4rem;
      }
      .legend b {
        font-weight: 650;
      }
      .plot {
        border-radius: var(--round-small);
        min-width: 0;
        overflow: hidden;
        position: relative;
      }
      .u-select {
        background: color-mix(in srgb, var(--accent) 18%, transparent);
      }
      .u-cursor-x {
        border-color: var(--ink-soft);
      }
      .sample-amber {
        color: var(--amber);
      }
      .sample-kamo {
        color: var(--kamo);
      }
      .sample-accent {
        color: var(--accent);
      }
      .sample-good {
        color: var(--good);
      }
      .sample-bad {
        color: var(--bad);
      }
      .sample-ink-soft {
        color: var(--ink-soft);
      }
      .empty {
        align-items: center;
        background: var(--sunken);
        border-radius: var(--round-small);
        color: var(--ink-soft);
        display: flex;
        justify-content: center;
        min-height: 8rem;
        padding: 1rem;
        text-align: center;
      }
    `,
  ];

  @property() heading = "";
  /** One sentence that says what the chart shows. */
  @property() summary = "";
  /** Name of the CSV file, without its ending. */
  @property({ attribute: "file-name" }) fileName = "chart";
  @property({ attribute: false }) zone: ZoneName = browserZone();
  @property({ attribute: false }) data: ChartData = { times: [], lines: [] };
  @property({ attribute: false }) levels: readonly Level[] = [];
  /** What can be seen at most. */
  @property({ attribute: false }) limits: Span = { from: 0, to: 1 };
  /** What is seen; everything unless given. */
  @property({ attribute: false }) span: Span | null = null;
  /** Where the present is marked (milliseconds). */
  @property({ attribute: false }) now: number | null = null;
  /** Of the drawing, in pixels. */
  @property({ type: Number }) height = 260;

  @state() private cursor = -1;
  @state() private spoken = "";
  @state() private showsTable = false;
  @query(".plot") private place!: HTMLElement | null;
  @query(".probe") private probe!: HTMLElement;

  private plot: uPlot | undefined;
  private readonly resized = new ResizeObserver(() => this.resize());

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("themechange", this.redraw);
    this.systemTheme.addEventListener("change", this.redraw);
    this.requestUpdate("data");
  }

  override disconnectedCallback(): void {
    window.removeEventListener("themechange", this.redraw);
    this.systemTheme.removeEventListener("change", this.redraw);
    this.resized.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
    super.disconnectedCallback();
  }

  private readonly systemTheme = matchMedia("(prefers-color-scheme: dark)");

  /** What is seen. */
  get seen(): Span {
    return this.span ?? this.limits;
  }

  private get isEmpty(): boolean {
    return this.data.times.length === 0;
  }

  override render() {
    return html`
      <figure aria-label=${this.heading}>
        <div class="head">
          <div class="words">
            <h3>${this.heading}</h3>
            <p class="small soft">${this.summary}</p>
          </div>
          <div class="tools">
            <slot></slot>
            ${this.isEmpty ? nothing : this.tools()}
          </div>
        </div>
        <span class="probe" hidden></span>
        ${
          this.isEmpty
            ? html`<p class="empty">${texts.chart.empty}</p>`
            : html`
                <ul class="legend">
                  ${this.data.lines.map((line) => this.legend(line))}
                  <li class="soft">${this.cursorTime()}</li>
                </ul>
                <div
                  class="plot"
                  role="application"
                  aria-roledescription=${texts.chart.kind}
                  tabindex="0"
                  aria-label="${this.heading}. ${this.summary} ${texts.chart.keys}"
                  @keydown=${this.key}
                ></div>
                <p class="unseen" aria-live="polite">${this.spoken}</p>
                ${this.showsTable ? this.table() : nothing}
              `
        }
      </figure>
    `;
  }

  private tools() {
    const button = (
      label: string,
      name: Parameters<typeof icon>[0],
      act: () => void,
      { pressed, moves }: { pressed?: boolean; moves?: boolean } = {},
    ) =>
      html`<button
        class="plain ${moves ? "moves" : ""}"
        title=${label}
        aria-label=${label}
        aria-pressed=${pressed ?? nothing}
        @click=${act}
      >
        ${icon(name, 18)}
      </button>`;
    return html`
      ${button(texts.chart.zoomIn, "plus", () => this.zoom(ZOOM))}
      ${button(texts.chart.zoomOut, "minus", () => this.zoom(1 / ZOOM))}
      ${button(texts.chart.earlier, "earlier", () => this.move(-MOVE), { moves: true })}
      ${button(texts.chart.later, "later", () => this.move(MOVE), { moves: true })}
      ${button(texts.chart.reset, "reset", () => this.change(this.limits))}
      ${button(
        this.showsTable ? texts.chart.hideTable : texts.chart.showTable,
        "table",
        () => {
          this.showsTable = !this.showsTable;
        },
        { pressed: this.showsTable },
      )}
      ${button(texts.chart.downloadCsv, "download", () => this.save())}
    `;
  }

  private legend(line: Line) {
    const value = this.cursor < 0 ? "" : valueAt(line, this.cursor);
    return html`<li>
      ${lineSample(line)} ${line.label} ${value === "" ? nothing : html`<b>${value}</b>`}
    </li>`;
  }

  private cursorTime(): string {
    const time = this.data.times[this.cursor];
    return time === undefined
      ? texts.chart.times(zoneLabel(this.zone))
      : this.when(time);
  }

  private when(time: number): string {
    return `${instant(time, this.zone, "day")}, ${clockTime(time, this.zone)}`;
  }

  private table() {
    const [first, end] = within(this.data.times, this.seen);
    const rows = Array.from(
      { length: Math.min(end - first, MOST_TABLE_ROWS) },
      (_none, number) => first + number,
    );
    const columns: Column<number>[] = [
      {
        key: "time",
        label: `${texts.chart.time}, ${zoneLabel(this.zone)}`,
        show: (at) => this.when(this.data.times[at] ?? 0),
      },
      ...this.data.lines.map(
        (line, number): Column<number> => ({
          key: String(number),
          label: line.label,
          isNumber: true,
          show: (at) => valueAt(line, at),
        }),
      ),
    ];
    return html`<data-table
        label=${this.heading}
        .columns=${columns}
        .rows=${rows}
        isSorted
      ></data-table>
      ${
        end - first > MOST_TABLE_ROWS
          ? html`<p class="small soft">
              ${texts.chart.shortened(count(MOST_TABLE_ROWS), count(end - first))}
            </p>`
          : nothing
      }`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.place === null) {
      this.plot?.destroy();
      this.plot = undefined;
      return;
    }
    const redraws: (keyof TimeChart)[] = ["data", "levels", "zone", "now", "height"];
    if (this.plot === undefined || redraws.some((name) => changed.has(name)))
      this.redraw();
    else if (changed.has("span") || changed.has("limits")) this.look();
  }

  private readonly redraw = (): void => {
    this.plot?.destroy();
    this.plot = undefined;
    const { place } = this;
    if (place === null || this.isEmpty) return;
    this.resized.disconnect();
    const drawn: Plot = {
      data: this.data,
      levels: this.levels,
      now: this.now,
      nowLabel: texts.chart.now,
      zone: this.zone,
    };
    const options = plotOptions(drawn, (name) => this.paint(name), this.font());
    this.plot = new uPlot(
      {
        ...options,
        width: Math.max(place.clientWidth, 100),
        height: this.height,
        hooks: {
          ...options.hooks,
          setCursor: [
            (u) => {
              this.cursor =
                u.cursor.left === undefined || u.cursor.left < 0
                  ? -1
                  : (u.cursor.idx ?? -1);
            },
          ],
          setSelect: [(u) => this.choose(u)],
        },
      },
      alignedData(this.data),
      place,
    );
    this.look();
    listenForGestures(this.plot.over, {
      span: () => this.seen,
      limits: () => this.limits,
      change: (span) => this.change(span),
    });
    this.resized.observe(place);
  };

  private resize(): void {
    const { plot, place } = this;
    if (plot === undefined || place === null || place.clientWidth === plot.width)
      return;
    plot.setSize({ width: Math.max(place.clientWidth, 100), height: this.height });
  }

  private look(): void {
    const { from, to } = this.seen;
    this.plot?.setScale("x", { min: from, max: to });
  }

  private choose(u: uPlot): void {
    const { left, width } = u.select;
    if (width < 4) return;
    const from = u.posToVal(left, "x");
    const to = u.posToVal(left + width, "x");
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    const factor = (to - from) / (this.seen.to - this.seen.from);
    const fixed = (from - factor * this.seen.from) / (1 - factor);
    this.change(factor < 1 ? zoomed(this.seen, this.limits, factor, fixed) : this.seen);
  }

  private zoom(factor: number): void {
    const at = this.data.times[this.cursor];
    const { from, to } = this.seen;
    this.change(zoomed(this.seen, this.limits, factor, at ?? (from + to) / 2));
  }

  private move(share: number): void {
    this.change(moved(this.seen, this.limits, share));
  }

  private change(span: Span): void {
    const { from, to } = this.limits;
    this.span = span.from <= from && span.to >= to ? null : span;
    this.dispatchEvent(new CustomEvent<Span>("span-change", { detail: span }));
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => (event.shiftKey ? this.move(-MOVE) : this.step(-1)),
      ArrowRight: () => (event.shiftKey ? this.move(MOVE) : this.step(1)),
      "+": () => this.zoom(ZOOM),
      "=": () => this.zoom(ZOOM),
      "-": () => this.zoom(1 / ZOOM),
      "0": () => this.change(this.limits),
      Escape: () => this.change(this.limits),
    };
    const act = acts[event.key];
    // with nothing to undo, Escape is for what stands around the chart
    if (event.key === "Escape" && this.span === null) return;
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  /** Moves the cursor by points of what is seen, and says what is there. */
  private step(by: number): void {
    const { times, lines } = this.data;
    const [first, end] = within(times, this.seen);
    if (end <= first) return;
    const start =
      this.cursor < 0 ? nearest(times, this.now ?? this.seen.to) : this.cursor + by;
    const at = Math.min(Math.max(start, first), end - 1);
    const time = times[at] ?? 0;
    this.plot?.setCursor({ left: this.plot.valToPos(time, "x"), top: 1 });
    this.cursor = at;
    const values = lines.map((line) => `${line.label} ${valueAt(line, at)}`);
    this.spoken = `${this.when(time)}: ${values.join(", ")}`;
  }

  private save(): void {
    download(`${this.fileName}.csv`, chartCsv(this.data, this.seen, this.zone));
  }

  private paint(name: string): string {
    this.probe.style.color = `var(${name})`;
    return getComputedStyle(this.probe).color;
  }

  private font(): string {
    return `12px ${getComputedStyle(this).fontFamily}`;
  }
}

function valueAt({ values, unit, digits }: Line, at: number): string {
  const value = values[at] ?? null;
  return value === null ? UNKNOWN : written({ value: decimal(value, digits), unit });
}

declare global {
  interface HTMLElementTagNameMap {
    "time-chart": TimeChart;
  }
}
