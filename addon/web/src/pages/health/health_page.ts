/** Is everything here, and if not, why, and what can be done about it? */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { SitesAnswer } from "../../api/amber";
import { api } from "../../api/client";
import type { AreaAnswer } from "../../api/kamo";
import { Loaded } from "../../api/loaded";
import { SessionController } from "../../api/session";
import { loadedStatus } from "../../api/status";
import { whenLoaded } from "../../parts/answer_state";
import { shared } from "../../styles/shared";
import "./backfill_card";
import "./days_card";
import "./gaps_card";
import { ownerNames } from "./names";
import "./problems_card";
import "./runs_card";

@customElement("health-page")
export class HealthPage extends LitElement {
  static override styles = [
    shared,
    css`
      .cards {
        display: grid;
        gap: var(--gap);
        grid-template-columns: repeat(2, minmax(0, 1fr));
      }
      @media (max-width: 60rem) {
        .cards {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .wide {
        grid-column: 1 / -1;
        min-width: 0;
      }
    `,
  ];

  private readonly session = new SessionController(this);
  private readonly status = loadedStatus(this);
  private readonly sites = new Loaded<SitesAnswer>(this, {
    about: () => (this.session.isSignedIn ? "sites" : null),
    ask: (signal) => api.get("api/sites", {}, signal),
    after: ["run_finished"],
  });
  private readonly areas = new Loaded<readonly AreaAnswer[]>(this, {
    ask: (signal) => api.get("api/cooperatives", {}, signal),
  });

  override render() {
    // until names are known, series go by their numbers
    const names = ownerNames(this.sites.value?.sites ?? [], this.areas.value ?? []);
    if (!this.session.isSignedIn) return nothing;
    return html`<div class="cards">
      ${whenLoaded(
        this.status,
        (status) => html`<problems-card .status=${status}></problems-card>`,
      )}
      <backfill-card .status=${this.status.value}></backfill-card>
      <days-card class="wide" .names=${names}></days-card>
      <gaps-card class="wide" .names=${names}></gaps-card>
      <runs-card class="wide"></runs-card>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "health-page": HealthPage;
  }
}
