/** One channel's prices over time: settled, expected, the market's, and other dates'. */

import { css, html, LitElement, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { chartData, type LineStyle, type SeriesAnswer, spanOf } from "../../api/series";
import type { ChartData, Line, Span } from "../../chart/data";
import "../../chart/time_chart";
import { written } from "../../format/numbers";
import { clockTime, instant } from "../../format/times";
import { price, priceUnit, type Unit } from "../../format/units";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { NEM } from "../../time/zones";
import { compared, figuresOf, meansOfBoth, pricesOf, valuesOf } from "./price_points";

/** Prices of other dates, and how much earlier those are. */
export interface Comparison {
  readonly answer: SeriesAnswer;
  /** The other dates, as the reader calls them. */
  readonly name: string;
  readonly shiftMs: number;
}

const NOTHING: ChartData = { times: [], lines: [] };

/** @fires span-change - As that of `time-chart`. */
@customElement("channel-chart")
export class ChannelChart extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .sign {
        margin-top: 0.35rem;
      }
    `,
  ];

  @property({ attribute: false }) answer!: SeriesAnswer;
  @property({ attribute: false }) comparison: Comparison | null = null;
  /** Type of the channel. */
  @property() channel = "general";
  /** Of the CSV file, without what this chart is of. */
  @property({ attribute: "file-name" }) fileName = "";
  @property({ type: Boolean }) hasSpot = false;
  @property({ attribute: false }) span: Span | null = null;
  /** The present, to the minute (milliseconds). */
  @property({ attribute: false }) now = 0;

  private data = NOTHING;
  private limits: Span = { from: 0, to: 1 };
  private summary = "";

  protected override willUpdate(changed: PropertyValues<this>): void {
    const about: (keyof ChannelChart)[] = [
      "answer",
      "comparison",
      "channel",
      "hasSpot",
    ];
    if (!about.some((name) => changed.has(name))) return;
    this.data = this.drawn();
    this.limits = spanOf(this.answer);
    this.summary = this.summed();
  }

  override render() {
    return html`<time-chart
        heading=${texts.prices.headings[this.channel] ?? this.channel}
        summary=${this.summary}
        file-name="${this.fileName}-${this.channel}"
        .data=${this.data}
        .zone=${NEM}
        .limits=${this.limits}
        .span=${this.span}
        .now=${this.now}
        .height=${this.channel === "general" ? 280 : 220}
        @span-change=${this.pass}
      ></time-chart>
      <p class="soft small sign">${texts.prices.signs[this.channel] ?? ""}</p>`;
  }

  private readonly pass = (event: CustomEvent<Span>) => {
    this.dispatchEvent(new CustomEvent<Span>("span-change", { detail: event.detail }));
  };

  private get unit(): Unit {
    const all = [
      ...pricesOf(this.answer, this.channel),
      ...(this.hasSpot ? (valuesOf(this.answer, "spot") ?? []) : []),
    ];
    return priceUnit(Math.max(0, ...all.map((value) => Math.abs(value ?? 0))));
  }

  private drawn(): ChartData {
    const { unit, channel } = this;
    const style = {
      unit: unit.name,
      size: unit.size,
      digits: unit.digits,
      shape: "steps",
      colour: channel === "feedIn" ? "good" : "amber",
    } as const;
    const styles: Record<string, LineStyle> = {
      [`${channel}/price`]: {
        ...style,
        label: texts.prices.lines.settled,
        dash: "solid",
      },
      [`${channel}/expected`]: {
        ...style,
        label: texts.prices.lines.expected,
        dash: "dashed",
        bandOf: [`${channel}/expected_low`, `${channel}/expected_high`],
      },
    };
    if (this.hasSpot) {
      styles.spot = {
        ...style,
        label: texts.prices.lines.spot,
        colour: "accent",
        shape: "line",
        dash: "solid",
      };
    }
    const { times, lines } = chartData(this.answer, (key) => styles[key] ?? null);
    if (lines.length === 0) return NOTHING;
    const other = this.otherLine(unit);
    return { times, lines: other === null ? lines : [...lines, other] };
  }

  private otherLine({ name: unit, size, digits }: Unit): Line | null {
    if (this.comparison === null) return null;
    const { answer, name, shiftMs } = this.comparison;
    const values = compared(this.answer, answer, this.channel, shiftMs);
    if (values.every((value) => value === null)) return null;
    return {
      label: name,
      unit,
      values: values.map((value) => (value === null ? null : value / size)),
      shape: "steps",
      dash: "dotted",
      colour: "ink-soft",
      digits,
    };
  }

  private summed(): string {
    const figures = figuresOf(this.answer, this.channel);
    if (figures === null) return "";
    const shown = (aud: number) => written(price(aud));
    const when = (at: number) => `${instant(at, NEM, "day")}, ${clockTime(at, NEM)}`;
    const { low, high, mean } = figures;
    const summary = texts.prices.summary(
      shown(mean),
      shown(low.price),
      when(low.at),
      shown(high.price),
      when(high.at),
    );
    if (this.comparison === null) return summary;
    const { answer, name, shiftMs } = this.comparison;
    const means = meansOfBoth(
      pricesOf(this.answer, this.channel),
      compared(this.answer, answer, this.channel, shiftMs),
    );
    const beside =
      means === null
        ? texts.prices.comparedNot(name)
        : texts.prices.compared(shown(means[0]), shown(means[1]), name);
    return `${summary} ${beside}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "channel-chart": ChannelChart;
  }
}
