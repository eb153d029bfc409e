/** What does it cost now, how high is the load, and is everything collected? */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { SitesAnswer } from "../../api/amber";
import { api } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { SessionController } from "../../api/session";
import { loadedStatus, type StatusAnswer } from "../../api/status";
import { whenLoaded } from "../../parts/answer_state";
import { addressOf } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import "./collecting_card";
import "./load_card";
import "./price_card";

@customElement("now-page")
export class NowPage extends LitElement {
  static override styles = [
    shared,
    css`
      .cards {
        display: grid;
        gap: var(--gap);
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 21.5rem), 1fr));
      }
      .wide {
        grid-column: 1 / -1;
      }
      /* as long as there is no room for a third beside two */
      @media (max-width: 77rem) {
        load-card {
          grid-column: 1 / -1;
        }
      }
      panel-card p + .button {
        margin-top: 1rem;
      }
      .first {
        margin-bottom: var(--gap);
        max-width: 46rem;
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

  override render() {
    return whenLoaded(this.status, (status) => this.cards(status));
  }

  private cards(status: StatusAnswer) {
    const { sources } = status;
    return html`${sources.amber ? nothing : this.welcome()}
      <div class="cards">
        ${sources.amber ? this.prices() : this.missing("amber")}
        ${sources.kamo ? html`<load-card></load-card>` : this.missing("kamo")}
        <collecting-card class="wide" .status=${status}></collecting-card>
      </div>`;
  }

  private prices() {
    if (!this.session.isSignedIn) {
      return html`<panel-card source="amber" heading=${texts.now.first.amber}>
        <p>${texts.now.price.signIn}</p>
        <a class="button primary" href=${addressOf("login")}>${texts.shell.signIn}</a>
      </panel-card>`;
    }
    return whenLoaded(this.sites, ({ sites }) => {
      const present = sites.filter((site) => !site.is_gone);
      if (present.length === 0) {
        return html`<panel-card source="amber" heading=${texts.now.first.amber}>
          <p>${texts.now.first.soon}</p>
        </panel-card>`;
      }
      return present.map((site) => html`<price-card .site=${site}></price-card>`);
    });
  }

  private missing(source: "amber" | "kamo") {
    const { first } = texts.now;
    const isAmber = source === "amber";
    return html`<panel-card source=${source} heading=${first[source]}>
      <p>
        <strong>${isAmber ? first.noAmber : first.noKamo}</strong>
        ${isAmber ? first.amberWhy : first.kamoWhy}
      </p>
      <a class="button primary" href=${addressOf("settings")}
        >${isAmber ? first.amberDo : first.kamoDo}</a
      >
    </panel-card>`;
  }

  private welcome() {
    return html`<div class="first">
      <h2>${texts.now.first.heading}</h2>
      <p>${texts.now.first.intro}</p>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "now-page": NowPage;
  }
}
