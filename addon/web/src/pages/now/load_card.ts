/** How high an area's load is against this month's peak. */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import {
  type AreaAnswer,
  type CurrentLoadAnswer,
  keepArea,
  keptArea,
} from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import { chartData, type SeriesAnswer, spanOf } from "../../api/series";
import "../../chart/time_chart";
import { written } from "../../format/numbers";
import { clockTime, instant } from "../../format/times";
import { load, loadUnit } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
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
  });
  private readonly current = new Loaded<CurrentLoadAnswer>(this, {
    about: () => this.area,
    ask: (signal) => api.get(`api/load/current/${segment(this.area)}`, {}, signal),
    after: ["run_finished"],
    everyS: 300,
  });
  private readonly series = new Loaded<SeriesAnswer>(this, {
    about: () => this.area,
    ask: (signal) =>
      api.get(`api/series/load/${segment(this.area)}`, { hours: 24 }, signal),
    after: ["run_finished"],
    everyS: 300,
  });

  private get area(): string {
    return this.route.view.area ?? keptArea();
  }

  override render() {
    const name = this.areas.value?.find(
      ({ abbreviation }) => abbreviation === this.area,
    );
    return html`<panel-card
      source="kamo"
      heading=${texts.now.load.heading(name?.name ?? this.area)}
    >
      ${this.picker()} ${whenLoaded(this.current, (answer) => this.present(answer))}
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

  private present({ load_kw, timestamp }: CurrentLoadAnswer) {
    return html`
      <p class="hero">${hero(load(load_kw))}</p>
      <p class="soft small">
        ${texts.now.load.hour(this.when(Date.parse(timestamp)))}
      </p>
    `;
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
    const unit = loadUnit(high?.value ?? 0);
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
