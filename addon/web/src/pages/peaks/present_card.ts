/** An area's newest load against the peak of its month. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import type { AreaAnswer, HeadroomAnswer } from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import { percent, written } from "../../format/numbers";
import { dayTime, instant } from "../../format/times";
import { load } from "../../format/units";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/level_meter";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { hero, heroStyle } from "../now/hero";
import { monthStart } from "./months";

const words = texts.peaks.now;

@customElement("present-card")
export class PresentCard extends LitElement {
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
      level-meter {
        margin-block: 1rem 0.5rem;
      }
    `,
  ];

  @property({ attribute: false }) area!: AreaAnswer;
  private readonly headroom = new Loaded<HeadroomAnswer>(this, {
    about: () => this.area.abbreviation,
    ask: (signal) =>
      api.get(`api/load/headroom/${segment(this.area.abbreviation)}`, {}, signal),
    after: ["run_finished"],
    everyS: 300,
  });

  override render() {
    const { name } = this.area;
    const answer = this.headroom.value;
    const heading = answer
      ? words.headingOf(instant(monthStart(answer.month), CENTRAL, "month"), name)
      : words.heading(name);
    return html`<panel-card source="kamo" heading=${heading}>
      ${
        this.headroom.problem?.code === "no_data"
          ? html`<p class="soft">${texts.peaks.none}</p>`
          : whenLoaded(this.headroom, (answer) => this.present(answer))
      }
    </panel-card>`;
  }

  private present(answer: HeadroomAnswer) {
    const { headroom_kw, load_share_of_peak: share } = answer;
    const when = (at: string) => `${dayTime(Date.parse(at), CENTRAL)} Central`;
    const reached = words.share(percent(share ?? 0));
    return html`
      <p class="hero">${hero(load(answer.peak_kw))}</p>
      <p class="soft small">${words.peak(when(answer.peak_at))}</p>
      <level-meter label=${words.meter} text=${reached} .share=${share ?? 0}></level-meter>
      <p>
        <b>${reached}</b>:
        ${words.load(written(load(answer.load_kw)), when(answer.timestamp))}
        ${headroom_kw > 0 ? words.room(written(load(headroom_kw))) : words.isPeak}
      </p>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "present-card": PresentCard;
  }
}
