/** What a page of one Amber site shows instead while there is no site. */

import { html } from "lit";
import type { StatusAnswer } from "../api/status";
import { addressOf } from "../routing/view";
import { texts } from "../texts/texts";
import "./panel_card";

/** Returns what to do where no Amber account is set up, and that to wait helps where one is. */
export function withoutSite({ sources }: StatusAnswer) {
  if (sources.amber) {
    return html`<panel-card source="amber" heading=${texts.sites.none}>
      <p>${texts.sites.soon}</p>
    </panel-card>`;
  }
  return html`<panel-card source="amber" heading=${texts.sites.none}>
    <p>${texts.sites.notSet}</p>
    <br />
    <a class="button primary" href=${addressOf("settings")}>${texts.sites.add}</a>
  </panel-card>`;
}
