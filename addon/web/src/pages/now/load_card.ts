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
import { clockTime, instant } from "../../format/times";
import { load } from "../../format/units";
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
      select {
        max-width: 16rem;
        width: 100%;
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
}

declare global {
  interface HTMLElementTagNameMap {
    "load-card": LoadCard;
  }
}
