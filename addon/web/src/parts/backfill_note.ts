/** Says that history is still being read, where what is shown may lack some of it. */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { loadedBackfill } from "../api/backfill";
import { SessionController } from "../api/session";
import { percent } from "../format/numbers";
import { clockTime } from "../format/times";
import { texts } from "../texts/texts";
import { browserZone } from "../time/zones";
import "./notice_box";

@customElement("backfill-note")
export class BackfillNote extends LitElement {
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  private readonly session = new SessionController(this);
  private readonly backfill = loadedBackfill(
    this,
    () => this.session.isSignedIn === true,
  );

  override render() {
    const { value } = this.backfill;
    if (value === undefined || !(value.is_running || value.is_paused)) return nothing;
    const share = (value.percent ?? 0) / 100;
    if (share >= 1) return nothing;
    const { reading, waiting } = texts.sites.backfill;
    const until = value.waiting_until;
    return html`<notice-box>
      ${reading(percent(share))}
      ${until ? waiting(clockTime(Date.parse(until), browserZone())) : nothing}
    </notice-box>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "backfill-note": BackfillNote;
  }
}
