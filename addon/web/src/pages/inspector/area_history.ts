/** An area's load over time with its forecast, and other areas beside it. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import type { AreaAnswer } from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import {
  chartData,
  highestForecast,
  type SeriesAnswer,
  spanOf,
} from "../../api/series";
import type { Span } from "../../chart/data";
import "../../chart/time_chart";
import { written } from "../../format/numbers";
import { dayTime } from "../../format/times";
import { load, loadUnit } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/choice_row";
import "../../parts/panel_card";
import { remembered } from "../../parts/remembered";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { areaLine } from "./area_lines";
import { extremes } from "./extremes";
import "./overlay_choice";
import { joined, overlaysIn } from "./overlay";
import { AREA_SPANS, formatZoom, hoursIn, zoomIn } from "./spans";

const { load: words } = texts.inspector;

@customElement("area-history")
export class AreaHistory extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .row {
        gap: 0.6rem 1rem;
        justify-content: space-between;
        margin-bottom: 1rem;
      }
    `,
  ];

  @property({ attribute: false }) area!: AreaAnswer;
  @property({ attribute: false }) areas: readonly AreaAnswer[] = [];

  private readonly route = new ViewController(this);
  private readonly whole = new Loaded<readonly SeriesAnswer[]>(this, {
    about: () => `${this.hours} ${this.shown.map((one) => one.abbreviation)}`,
    ask: (signal) => this.ask({ hours: this.hours }, signal),
    after: ["run_finished"],
    everyS: 300,
  });
  /** What is seen of a long history, in more detail. */
  private readonly close = new Loaded<readonly SeriesAnswer[]>(this, {
    about: () =>
      this.zoom(this.route.view.zoom) &&
      this.whole.value?.some(({ bucket }) => bucket !== "rows")
        ? `${this.route.view.zoom} ${this.shown.map((one) => one.abbreviation)}`
        : null,
    ask: (signal) => {
      const zoom = this.zoom(this.route.view.zoom);
      return this.ask({ start: iso(zoom?.from), end: iso(zoom?.to) }, signal);
    },
  });

  private ask(query: Record<string, string>, signal: AbortSignal) {
    return Promise.all(
      this.shown.map(({ abbreviation }) =>
        api.get<SeriesAnswer>(
          `api/series/load/${segment(abbreviation)}`,
          query,
          signal,
        ),
      ),
    );
  }

  private get hours(): string {
    return hoursIn(this.route.view.hours, AREA_SPANS);
  }

  private readonly zoom = remembered(zoomIn);
  private readonly limits = remembered((whole: readonly SeriesAnswer[]) =>
    spanOf(joined(whole)),
  );

  private get overlays(): readonly AreaAnswer[] {
    return overlaysIn(this.route.view.with, this.area.abbreviation).flatMap((named) =>
      this.areas.filter(({ abbreviation }) => abbreviation === named),
    );
  }

  /** The chosen area and those beside it. */
  private get shown(): readonly AreaAnswer[] {
    return [this.area, ...this.overlays];
  }

  override render() {
    return html`<panel-card source="kamo" heading=${words.history}>
      <div class="row">
        <choice-row
          label=${texts.inspector.spanLabel}
          .choices=${AREA_SPANS}
          .chosen=${this.hours}
          @choose=${(event: CustomEvent<string>) =>
            this.route.change({ hours: event.detail, zoom: null })}
        ></choice-row>
        <overlay-choice
          .area=${this.area}
          .areas=${this.areas}
          .chosen=${this.overlays}
        ></overlay-choice>
      </div>
      ${whenLoaded(this.whole, (answers) => this.chart(answers))}
    </panel-card>`;
  }

  private readonly drawn = remembered(
    (answers: readonly SeriesAnswer[], names: string, hours: string) => {
      const answer = joined(answers);
      const loads = answer.series.flatMap((one) => one.values.map((kw) => kw ?? 0));
      const unit = loadUnit(loads.reduce((most, kw) => Math.max(most, kw), 0));
      return {
        data: chartData(answer, (key) => areaLine(key, names.split("\n"), unit)),
        summary: summaryOf(answers[0], hours),
        now: Date.now(),
      };
    },
  );

  private chart(whole: readonly SeriesAnswer[]) {
    const names = this.shown.map(({ name }) => name).join("\n");
    const limits = this.limits(whole);
    const seen = this.drawn(this.close.value ?? whole, names, this.hours);
    return html`<time-chart
      heading=${words.chart(this.area.name)}
      summary=${seen.summary}
      file-name="load-${this.area.abbreviation}"
      .data=${seen.data}
      .zone=${CENTRAL}
      .limits=${limits}
      .span=${this.zoom(this.route.view.zoom)}
      .now=${seen.now}
      .height=${320}
      @span-change=${(event: CustomEvent<Span>) =>
        this.route.change({ zoom: formatZoom(event.detail, limits) }, true)}
    ></time-chart>`;
  }
}

function summaryOf(answer: SeriesAnswer | undefined, hours: string): string {
  const actual = answer?.series.find(({ key }) => key === "actual");
  const found = answer && actual && extremes(answer.times, actual.values);
  if (!found) return words.none;
  const { low, high } = found;
  const unit = loadUnit(high.value);
  const detail = Number(hours) > 720 ? "date" : "day";
  const when = (atS: number) => dayTime(atS * 1000, CENTRAL, detail);
  const past = words.summary(
    written(load(low.value, unit)),
    when(low.at),
    written(load(high.value, unit)),
    when(high.at),
  );
  const ahead = highestForecast(answer);
  return ahead === null
    ? past
    : `${past} ${words.ahead(written(load(ahead.kw)), dayTime(ahead.at, CENTRAL))}`;
}
function iso(atMs: number | undefined): string {
  return new Date(atMs ?? 0).toISOString();
}

declare global {
  interface HTMLElementTagNameMap {
    "area-history": AreaHistory;
  }
}
