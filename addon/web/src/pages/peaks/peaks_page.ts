/** Each month's peak, how the load is against this one's, and what it adds to KAMO's. */

import { css, html, LitElement } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client";
import { type AreaAnswer, keptArea } from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/area_choice";
import "../../parts/notice_box";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import "./bill_cards";
import "./months_cards";
import "./present_card";
import "./watch_cards";

@customElement("peaks-page")
export class PeaksPage extends LitElement {
  static override styles = [
    shared,
    css`
      watch-cards {
        margin-bottom: var(--gap);
      }
      .cards {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
        margin-top: var(--gap);
      }
      @media (min-width: 70rem) {
        .cards {
          grid-template-columns: minmax(0, 26rem) minmax(0, 1fr);
        }
      }
    `,
  ];

  private readonly route = new ViewController(this);
  private readonly areas = new Loaded<readonly AreaAnswer[]>(this, {
    ask: (signal) => api.get("api/cooperatives", {}, signal),
    after: ["run_finished"],
  });

  override render() {
    return whenLoaded(this.areas, (areas) => this.content(areas));
  }

  private content(areas: readonly AreaAnswer[]) {
    if (areas.length === 0) {
      return html`<notice-box kind="warn">${texts.areas.noneYet}</notice-box>`;
    }
    const chosen = this.route.view.area ?? keptArea();
    const area = areas.find(({ abbreviation }) => abbreviation === chosen);
    return html`
      <watch-cards></watch-cards>
      <area-choice .areas=${areas} .area=${chosen}></area-choice>
      ${
        area === undefined
          ? html`<notice-box kind="warn">${texts.areas.unknown(chosen)}</notice-box>`
          : html`<div class="cards">
              <present-card .area=${area}></present-card>
              <months-cards .area=${area}></months-cards>
              <bill-cards .area=${area}></bill-cards>
            </div>`
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "peaks-page": PeaksPage;
  }
}
