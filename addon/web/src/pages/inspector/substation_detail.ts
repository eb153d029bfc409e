/** One substation: how it is now, how the last day was, and its lines over time. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import type {
  AreaAnswer,
  SubstationReading,
  SubstationStatsAnswer,
  SubstationsAnswer,
} from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import type { SeriesAnswer } from "../../api/series";
import type { Span } from "../../chart/data";
import "../../chart/time_chart";
import { count, UNKNOWN, written } from "../../format/numbers";
import { dayTime } from "../../format/times";
import { KW, load } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/choice_row";
import { remembered } from "../../parts/remembered";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { hero, heroStyle } from "../now/hero";
import "./factor_mark";
import { figures, figuresStyle } from "./figures";
import { factorOf } from "./power_factor";
import { formatZoom, hoursIn, SUBSTATION_SPANS, zoomIn } from "./spans";
import { substationChart } from "./substation_chart";

const words = texts.inspector.substation;
const DAY_HOURS = 24;

@customElement("substation-detail")
export class SubstationDetail extends LitElement {
  static override styles = [
    shared,
    heroStyle,
    figuresStyle,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      choice-row {
        display: block;
        margin-block: 1.25rem 1rem;
      }
    `,
  ];

  @property({ attribute: false }) area!: AreaAnswer;
  @property() name = "";
  /** The same object with another answer in it. */
  @property({ attribute: false, hasChanged: () => true })
  readings!: Loaded<SubstationsAnswer>;

  private readonly route = new ViewController(this);
  private readonly stats = new Loaded<SubstationStatsAnswer>(this, {
    about: () => this.path,
    ask: (signal) =>
      api.get(`api/substations/stats/${this.path}`, { hours: DAY_HOURS }, signal),
    after: ["run_finished"],
  });
  private readonly series = new Loaded<SeriesAnswer>(this, {
    about: () => `${this.hours} ${this.path}`,
    ask: (signal) =>
      api.get(`api/series/substations/${this.path}`, { hours: this.hours }, signal),
    after: ["run_finished"],
  });

  private get path(): string {
    return `${segment(this.area.abbreviation)}/${segment(this.name)}`;
  }

  private get hours(): string {
    return hoursIn(this.route.view.span, SUBSTATION_SPANS);
  }

  override render() {
    const answer = this.readings.value;
    const now = answer?.substations.find((one) => one.substation_name === this.name);
    return html`
      ${answer && now ? this.present(now, answer.snapshot_time) : nothing}
      ${
        this.stats.problem?.code === "no_data"
          ? html`<p class="soft">${words.notRead(count(DAY_HOURS))}</p>`
          : whenLoaded(this.stats, (answer) => this.lastDay(answer))
      }
      <choice-row
        label=${texts.inspector.spanLabel}
        .choices=${SUBSTATION_SPANS}
        .chosen=${this.hours}
        @choose=${(event: CustomEvent<string>) =>
          this.route.change({ span: event.detail, close: null }, true)}
      ></choice-row>
      ${whenLoaded(this.series, (answer) => this.chart(answer))}
    `;
  }

  private present(reading: SubstationReading, readAt: string) {
    const { kw, kvar } = reading;
    return html`
      <p class="hero">${hero(load(kw, KW))}</p>
      <p class="soft small">${words.read(`${dayTime(Date.parse(readAt), CENTRAL)} Central`)}</p>
      ${figures([
        [
          words.factorNow,
          html`<factor-mark .factor=${factorOf(reading)}></factor-mark>`,
        ],
        [words.kvarNow, kvar === null ? UNKNOWN : `${count(kvar)}\u00a0kVAR`],
      ])}
    `;
  }

  private lastDay({
    period_hours,
    min_kw,
    max_kw,
    avg_kw,
    avg_pf,
  }: SubstationStatsAnswer) {
    const { lastHours, minimum, mean, maximum } = texts.inspector;
    return html`
      <p class="soft small caption">${lastHours(count(period_hours))}</p>
      ${figures([
        [minimum, written(load(min_kw, KW))],
        [mean, written(load(avg_kw, KW))],
        [maximum, written(load(max_kw, KW))],
        [words.factorMean, html`<factor-mark .factor=${avg_pf}></factor-mark>`],
      ])}
    `;
  }

  private readonly zoom = remembered(zoomIn);
  private readonly drawn = remembered(substationChart);

  private chart(answer: SeriesAnswer) {
    const { data, limits, summary } = this.drawn(answer);
    return html`<time-chart
      heading=${words.chart}
      summary=${summary}
      file-name="substation-${this.area.abbreviation}"
      .data=${data}
      .zone=${CENTRAL}
      .limits=${limits}
      .span=${this.zoom(this.route.view.close)}
      .height=${240}
      @span-change=${(event: CustomEvent<Span>) =>
        this.route.change({ close: formatZoom(event.detail, limits) }, true)}
    ></time-chart>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "substation-detail": SubstationDetail;
  }
}
