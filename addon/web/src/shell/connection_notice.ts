/** Says that the server does not answer, since when, and when it is tried again. */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { live } from "../api/live";
import { clockTime } from "../format/times";
import "../parts/notice_box";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";
import { browserZone } from "../time/zones";

@customElement("connection-notice")
export class ConnectionNotice extends LitElement {
  static override styles = [shared, css``];

  override connectedCallback(): void {
    super.connectedCallback();
    live.addEventListener("state", this.look);
  }

  override disconnectedCallback(): void {
    live.removeEventListener("state", this.look);
    super.disconnectedCallback();
  }

  override render() {
    const { lostSince, nextTryAt } = live;
    if (lostSince === undefined) return nothing;
    const at = (instant: number) => clockTime(instant, browserZone());
    return html`<notice-box kind="bad">
      <strong>${texts.shell.lost.title}.</strong> ${texts.shell.lost.since(at(lostSince))}
      ${nextTryAt === undefined ? nothing : texts.shell.lost.next(at(nextTryAt))}
      <button slot="action" @click=${() => live.start()}>${texts.shell.lost.now}</button>
    </notice-box>`;
  }

  private readonly look = () => this.requestUpdate();
}
