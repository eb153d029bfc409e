/** An area's present load, and how it was in the last day. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import type { AreaAnswer, CurrentLoadAnswer, LoadStatsAnswer } from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import { count, written } from "../../format/numbers";
import { dayTime } from "../../format/times";
import { load, loadUnit } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/panel_card";
import "../../parts/stale_notice";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { hero, heroStyle } from "../now/hero";
import { figures, figuresStyle } from "./figures";

@customElement("area-now")
export class AreaNow extends LitElement {
  static override styles = [
    shared,
    heroStyle,
    figuresStyle,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      panel-card {
        height: 100%;
      }
    `,
  ];

  @property({ attribute: false }) area!: AreaAnswer;

  private readonly current = new Loaded<CurrentLoadAnswer>(this, {
    about: () => this.area.abbreviation,
    ask: (signal) => api.get(`api/load/current/${this.segment}`, {}, signal),
    after: ["run_finished"],
    everyS: 300,
  });
  private readonly stats = new Loaded<LoadStatsAnswer>(this, {
    about: () => this.area.abbreviation,
    ask: (signal) => api.get(`api/load/stats/${this.segment}`, { hours: 24 }, signal),
    after: ["run_finished"],
    everyS: 300,
  });

  private get segment(): string {
    return segment(this.area.abbreviation);
  }

  override render() {
    return html`<panel-card
      source="kamo"
      heading=${texts.inspector.load.heading(this.area.name)}
    >
      ${whenLoaded(
        this.current,
        ({ load_kw, timestamp }) => html`
          <p class="hero">${hero(load(load_kw))}</p>
          <p class="soft small">
            ${texts.inspector.hour(`${dayTime(Date.parse(timestamp), CENTRAL)} Central`)}
          </p>
          <stale-notice .at=${Date.parse(timestamp)}></stale-notice>
        `,
      )}
      ${whenLoaded(this.stats, (answer) => this.lastDay(answer))}
    </panel-card>`;
  }

  private lastDay({ period_hours, min_kw, max_kw, avg_kw }: LoadStatsAnswer) {
    const unit = loadUnit(max_kw);
    const { lastHours, maximum, mean, minimum } = texts.inspector;
    return html`
      <p class="soft small caption">${lastHours(count(period_hours))}</p>
      ${figures([
        [minimum, written(load(min_kw, unit))],
        [mean, written(load(avg_kw, unit))],
        [maximum, written(load(max_kw, unit))],
      ])}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "area-now": AreaNow;
  }
}
