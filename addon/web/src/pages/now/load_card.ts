/** How high an area's load is against this month's peak. */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import {
  type AreaAnswer,
  type HeadroomAnswer,
  keepArea,
  keptArea,
} from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import {
  chartData,
  highestForecast,
  type SeriesAnswer,
  spanOf,
} from "../../api/series";
import "../../chart/time_chart";
import { percent, written } from "../../format/numbers";
import { clockTime, instant } from "../../format/times";
import { load, loadUnit } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/level_meter";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { hero, heroStyle } from "./hero";

@customElement("load-card")
export class LoadCard extends LitElement {
  static override styles = [
    shared,
    heroStyle,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      panel-card {
        height: 100%;
      }
      select {
        max-width: 16rem;
        width: 100%;
      }
      level-meter {
        margin-block: 0.9rem 0.4rem;
      }
      time-chart {
        border-top: 1px solid var(--line);
        margin-top: 1rem;
        padding-top: 0.85rem;
      }
    `,
  ];

  private readonly route = new ViewController(this);
  private readonly areas = new Loaded<readonly AreaAnswer[]>(this, {
    ask: (signal) => api.get("api/cooperatives", {}, signal),
    after: ["run_finished"],
    everyS: 60,
  });
  private readonly headroom = new Loaded<HeadroomAnswer>(this, {
    about: () => (this.hasAreas ? this.area : null),
    ask: (signal) => api.get(`api/load/headroom/${segment(this.area)}`, {}, signal),
    after: ["run_finished"],
    everyS: 300,
  });
  private readonly series = new Loaded<SeriesAnswer>(this, {
    about: () => (this.hasAreas ? this.area : null),
    ask: (signal) =>
      api.get(`api/series/load/${segment(this.area)}`, { hours: 24 }, signal),
    after: ["run_finished"],
    everyS: 300,
  });

  private get area(): string {
    return this.route.view.area ?? keptArea();
  }

  /** Not before the first run. */
  private get hasAreas(): boolean {
    return (this.areas.value?.length ?? 0) > 0;
  }

  override render() {
    if (!this.hasAreas) {
      return html`<panel-card source="kamo" heading=${texts.now.first.kamo}>
        ${whenLoaded(this.areas, () => html`<p>${texts.now.first.soon}</p>`)}
      </panel-card>`;
    }
    const name = this.areas.value?.find(
      ({ abbreviation }) => abbreviation === this.area,
    );
    return html`<panel-card
      source="kamo"
      heading=${texts.now.load.heading(name?.name ?? this.area)}
    >
      ${this.picker()} ${whenLoaded(this.headroom, (answer) => this.present(answer))}
      ${whenLoaded(this.series, (answer) => this.chart(answer))}
    </panel-card>`;
  }

  private picker() {
    const areas = this.areas.value;
    if (areas === undefined) return nothing;
    return html`<select
      slot="aside"
      aria-label=${texts.now.load.area}
      @change=${this.choose}
    >
      ${areas.map(
        ({ abbreviation, name }) =>
          html`<option value=${abbreviation} ?selected=${abbreviation === this.area}>
            ${name}
          </option>`,
      )}
    </select>`;
  }

  private readonly choose = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    keepArea(value);
    this.route.change({ area: value });
  };

  private present(answer: HeadroomAnswer) {
    const { load_kw, peak_kw, headroom_kw, load_share_of_peak } = answer;
    const unit = loadUnit(peak_kw);
    return html`
      <p class="hero">${hero(load(load_kw))}</p>
      <p class="soft small">
        ${texts.now.load.hour(this.when(Date.parse(answer.timestamp)))}
      </p>
      <level-meter
        .share=${load_share_of_peak}
        label=${texts.now.load.peak}
        text=${percent(load_share_of_peak)}
      ></level-meter>
      <p>
        ${texts.now.load.share(
          percent(load_share_of_peak),
          written(load(peak_kw, unit)),
          this.when(Date.parse(answer.peak_at)),
        )}
        <strong>
          ${
            headroom_kw > 0
              ? texts.now.load.headroom(written(load(headroom_kw)))
              : texts.now.load.atPeak
          }
        </strong>
      </p>
      ${this.newPeak(peak_kw)}
    `;
  }

  /** Says so if the forecast goes beyond what is this month's peak so far. */
  private newPeak(peakKw: number) {
    const answer = this.series.value;
    const highest = answer && highestForecast(answer);
    if (!highest || highest.kw <= peakKw) return nothing;
    return html`<notice-box kind="warn">
      ${texts.now.load.passes(written(load(highest.kw)), this.when(highest.at))}
    </notice-box>`;
  }

  private when(at: number): string {
    const day = instant(at, CENTRAL, "day");
    return `${day}, ${clockTime(at, CENTRAL)} Central`;
  }

  private chart(answer: SeriesAnswer) {
    const points = answer.series
      .filter(({ key }) => key === "actual")
      .flatMap(({ values }) => values.map((value, at) => ({ value, at })))
      .filter((point): point is { value: number; at: number } => point.value !== null)
      .sort((one, other) => one.value - other.value);
    const [low, high] = [points[0], points.at(-1)];
    const peak = this.headroom.value;
    const unit = loadUnit(peak?.peak_kw ?? high?.value ?? 0);
    const style = {
      unit: unit.name,
      size: unit.size,
      digits: unit.digits,
      shape: "line",
    } as const;
    const data = chartData(answer, (key) =>
      key === "actual"
        ? {
            ...style,
            label: texts.now.load.actual,
            colour: "kamo",
            dash: "solid",
            marksGaps: true,
          }
        : {
            ...style,
            label: texts.now.load.forecast,
            colour: "ink-soft",
            dash: "dashed",
          },
    );
    const levels = peak
      ? [
          {
            label: texts.now.load.peak,
            unit: unit.name,
            value: peak.peak_kw / unit.size,
          },
        ]
      : [];
    const summary =
      low && high
        ? texts.now.load.summary(
            written(load(low.value, unit)),
            written(load(high.value, unit)),
            this.when(data.times[high.at] ?? 0),
          )
        : texts.now.load.none;
    return html`<time-chart
      heading=${texts.now.load.chart}
      summary=${summary}
      file-name="load-${this.area}"
      .data=${data}
      .levels=${levels}
      .zone=${CENTRAL}
      .limits=${spanOf(answer)}
      .now=${Date.now()}
      .height=${220}
    ></time-chart>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "load-card": LoadCard;
  }
}
