/** What the peak watch says now: how likely the peak is, and the next 24 hours. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { PeakWatchAnswer } from "../../api/peaks";
import "../../chart/time_chart";
import { count, percent, UNKNOWN, written } from "../../format/numbers";
import { clockTime, dayTime, relative } from "../../format/times";
import { load, loadUnit } from "../../format/units";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { remembered } from "../../parts/remembered";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { hero, heroStyle } from "../now/hero";
import { highestAhead, outlookChart, standing } from "./outlook_chart";

const words = texts.watch;
const DAY_MS = 86_400_000;

@customElement("watch-card")
export class WatchCard extends LitElement {
  static override styles = [
    shared,
    heroStyle,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .now {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
      }
      @media (min-width: 70rem) {
        .now {
          grid-template-columns: minmax(0, 24rem) minmax(0, 1fr);
        }
      }
      .said > p {
        margin-block: 0.35rem;
      }
    `,
  ];

  @property({ attribute: false }) answer!: PeakWatchAnswer;

  override render() {
    const { answer } = this;
    const budget = words.budget(count(answer.hours_left), count(answer.budget_hours));
    return html`<panel-card source="kamo" heading=${words.heading(answer.area_name)}>
      <span slot="aside" class="small soft">${budget}</span>
      <div class="now">
        <div class="said">${this.likelihood()} ${this.announced()} ${this.room()}</div>
        <div>${this.ahead()}</div>
      </div>
    </panel-card>`;
  }

  private likelihood() {
    const { outlook, lead_hours, is_trained } = this.answer;
    if (outlook === null) return nothing;
    const { likelihood, probability_percent } = outlook;
    const unit = probability_percent === null ? "" : percent(probability_percent / 100);
    return html`
      <p class="hero">${hero({ value: words.likelihood[likelihood], unit })}</p>
      <p class="soft small">
        ${words.within(words.hours(lead_hours, count(lead_hours)))}
      </p>
      ${is_trained ? nothing : html`<notice-box>${words.untrained}</notice-box>`}
    `;
  }

  private announced() {
    const ahead = standing(this.answer.announced, Date.now());
    if (ahead.length === 0) return html`<p>${words.clear}</p>`;
    const hours = ahead.map(({ starts_at, ends_at }) =>
      words.between(
        dayTime(Date.parse(starts_at), CENTRAL),
        clockTime(Date.parse(ends_at), CENTRAL),
      ),
    );
    return html`<notice-box kind="bad">
      ${words.standing(hours.join("; "))}
    </notice-box>`;
  }

  private room() {
    const { headroom_kw, peak_kw, peak_at } = this.answer;
    if (headroom_kw === null || peak_kw === null || peak_at === null) return nothing;
    const peak = written(load(peak_kw));
    return html`<p>
      ${
        headroom_kw > 0
          ? words.room(
              written(load(headroom_kw)),
              peak,
              `${dayTime(Date.parse(peak_at), CENTRAL)} Central`,
            )
          : words.atPeak(peak)
      }
    </p>`;
  }

  private ahead() {
    const { outlook, load_at } = this.answer;
    if (outlook !== null) return this.chart(outlook.hours);
    return html`<notice-box kind="warn">${this.blind(load_at)}</notice-box>`;
  }

  private blind(loadAt: string | null): string {
    if (loadAt === null) return words.blind.never;
    const at = Date.parse(loadAt);
    if (Date.now() - at < DAY_MS) return words.blind.early;
    return words.blind.behind(dayTime(at, CENTRAL), relative(at, Date.now()));
  }

  private chart(hours: NonNullable<PeakWatchAnswer["outlook"]>["hours"]) {
    const highest = highestAhead(hours);
    if (highest === null) return html`<p class="soft">${words.chart.none}</p>`;
    const { peak_kw, announced } = this.answer;
    const unit = loadUnit(Math.max(peak_kw ?? 0, highest.load_kw ?? 0));
    const data = this.drawn(hours, announced, unit);
    const from = data.times[0] ?? 0;
    const last = hours.at(-1);
    const peak =
      peak_kw === null
        ? []
        : [{ label: words.chart.peak, unit: unit.name, value: peak_kw / unit.size }];
    const shown = (kw: number | null) =>
      kw === null ? UNKNOWN : written(load(kw, unit));
    return html`<time-chart
      heading=${words.chart.heading}
      summary=${words.chart.summary(
        shown(highest.load_kw),
        `${dayTime(Date.parse(highest.starts_at), CENTRAL)} Central`,
        shown(highest.low_kw),
        shown(highest.high_kw),
      )}
      file-name="peak-watch-${this.answer.area_abbreviation}"
      .data=${data}
      .levels=${peak}
      .zone=${CENTRAL}
      .limits=${this.limits(from, Date.parse(last?.ends_at ?? "") || from + 1)}
      .now=${Date.now()}
      .height=${240}
    ></time-chart>`;
  }

  private readonly drawn = remembered(outlookChart);
  private readonly limits = remembered((from: number, to: number) => ({ from, to }));
}

declare global {
  interface HTMLElementTagNameMap {
    "watch-card": WatchCard;
  }
}
