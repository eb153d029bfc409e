/** The peak watch: what it says now, and what it said. */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client";
import { Loaded } from "../../api/loaded";
import type { AnnouncementsAnswer, PeakWatchAnswer } from "../../api/peaks";
import { SessionController } from "../../api/session";
import type { SettingAnswer } from "../../api/settings";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/panel_card";
import { addressOf } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import "./announcement_log";
import "./watch_card";

const words = texts.watch;
const EVERY_S = 300;

@customElement("watch-cards")
export class WatchCards extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
      }
    `,
  ];

  private readonly session = new SessionController(this);
  /** Without an area there is nothing to ask for. */
  private readonly setting = new Loaded<SettingAnswer>(this, {
    about: () => (this.session.isSignedIn ? "area" : null),
    ask: (signal) => api.get("api/settings/PEAK_WATCH_AREA", {}, signal),
  });
  private readonly watch = new Loaded<PeakWatchAnswer>(this, {
    about: () => this.area,
    ask: (signal) => api.get("api/peaks/watch", {}, signal),
    after: ["peak_watch", "peak_outlook", "run_finished"],
    everyS: EVERY_S,
  });
  private readonly log = new Loaded<AnnouncementsAnswer>(this, {
    about: () => this.area,
    ask: (signal) => api.get("api/peaks/announcements", {}, signal),
    after: ["peak_watch", "peak_outlook"],
  });

  private get area(): string | null {
    const value = this.setting.value?.value;
    return value === undefined || value === null ? null : String(value);
  }

  override render() {
    if (!this.session.isSignedIn) return nothing;
    if (this.setting.value?.value === null) return this.unset();
    if (this.area === null) return whenLoaded(this.setting, () => nothing);
    return html`
      ${
        this.watch.value === undefined
          ? html`<panel-card source="kamo" heading=${words.heading(this.area)}>
              ${whenLoaded(this.watch, () => nothing)}
            </panel-card>`
          : whenLoaded(
              this.watch,
              (answer) => html`<watch-card .answer=${answer}></watch-card>`,
            )
      }
      ${whenLoaded(
        this.log,
        (answer) => html`<announcement-log .answer=${answer}></announcement-log>`,
      )}
    `;
  }

  private unset() {
    return html`<p class="soft">
      ${words.unset}
      <a href=${addressOf("settings")}>${words.settings}</a>.
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "watch-cards": WatchCards;
  }
}
