/** Areas and their substations, as people know them from KAMO's app. */

import { css, html, LitElement } from "lit";
import { customElement, query } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import { type AreaAnswer, keptArea, type SubstationsAnswer } from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/area_choice";
import "../../parts/forecast_scores_card";
import "../../parts/notice_box";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import "./area_history";
import "./area_now";
import "./substation_dialog";
import "./substation_list";
import type { SubstationList } from "./substation_list";

/** Keys of the address that belong to one area. */
const OF_ONE_AREA = ["substation", "span", "close", "filter", "zoom"];

@customElement("inspector-page")
export class InspectorPage extends LitElement {
  static override styles = [
    shared,
    css`
      .cards {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
        margin-top: var(--gap);
      }
      @media (min-width: 70rem) {
        .cards {
          grid-template-columns: minmax(0, 20rem) minmax(0, 1fr);
        }
        substation-list,
        forecast-scores-card {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  @query("substation-list") private list!: SubstationList | null;
  private readonly route = new ViewController(this);
  private readonly areas = new Loaded<readonly AreaAnswer[]>(this, {
    ask: (signal) => api.get("api/cooperatives", {}, signal),
    after: ["run_finished"],
  });
  private readonly readings = new Loaded<SubstationsAnswer>(this, {
    about: () => (this.area?.is_aggregate === false ? this.chosen : null),
    ask: (signal) =>
      api.get(`api/substations/current/${segment(this.chosen)}`, {}, signal),
    after: ["run_finished"],
    everyS: 300,
  });

  /** Abbreviation of the area that the reader wants. */
  private get chosen(): string {
    return this.route.view.area ?? keptArea();
  }

  private get area(): AreaAnswer | undefined {
    return this.areas.value?.find(({ abbreviation }) => abbreviation === this.chosen);
  }

  override render() {
    return whenLoaded(this.areas, (areas) => this.content(areas));
  }

  private content(areas: readonly AreaAnswer[]) {
    if (areas.length === 0) {
      return html`<notice-box kind="warn">${texts.areas.noneYet}</notice-box>`;
    }
    const { area } = this;
    return html`
      <area-choice
        .areas=${areas}
        .area=${this.chosen}
        .forgets=${OF_ONE_AREA}
      ></area-choice>
      ${
        area === undefined
          ? html`<notice-box kind="warn">${texts.areas.unknown(this.chosen)}</notice-box>`
          : this.cards(area, areas)
      }
    `;
  }

  private cards(area: AreaAnswer, areas: readonly AreaAnswer[]) {
    return html`
      <div class="cards">
        <area-now .area=${area}></area-now>
        <area-history .area=${area} .areas=${areas}></area-history>
        <substation-list .area=${area} .readings=${this.readings}></substation-list>
        <forecast-scores-card
          source="kamo"
          path="api/forecasts/scores/load/${segment(area.abbreviation)}"
        ></forecast-scores-card>
      </div>
      <substation-dialog
        .area=${area}
        .readings=${this.readings}
        @left=${(event: CustomEvent<string>) => this.list?.focusOn(event.detail)}
      ></substation-dialog>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "inspector-page": InspectorPage;
  }
}
