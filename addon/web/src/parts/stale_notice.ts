/** Says that what is shown of KAMO is old: how old, why, and when it is tried again. */

import { html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { loadedStatus } from "../api/status";
import { clockTime, relative } from "../format/times";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";
import { browserZone, HOUR_MS } from "../time/zones";
import "./notice_box";

/** An hour is known while it runs; one more may pass until the next is. */
const OLD_AFTER_MS = 2.5 * HOUR_MS;
const SOURCE = "kamo";

@customElement("stale-notice")
export class StaleNotice extends LitElement {
  static override styles = [shared];

  /** Start of the newest hour (milliseconds). */
  @property({ type: Number }) at = 0;
  private readonly status = loadedStatus(this);

  override render() {
    if (Date.now() - this.at < OLD_AFTER_MS) return nothing;
    const { old, why } = texts.areas;
    const status = this.status.value;
    const last = status?.last_import;
    const reason = last?.source === SOURCE ? last.error_message : null;
    const next = status?.sources[SOURCE]?.next_tick_at;
    return html`<notice-box kind="warn">
      ${old(relative(this.at, Date.now()))} ${reason ? why(reason) : nothing}
      ${
        next
          ? texts.problems.nextTry(clockTime(Date.parse(next), browserZone()))
          : nothing
      }
    </notice-box>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "stale-notice": StaleNotice;
  }
}
