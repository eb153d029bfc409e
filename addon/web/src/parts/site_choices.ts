/** Chooses one of an account's sites, and one of a site's channels. */

import { html, nothing } from "lit";
import { type SiteAnswer, siteName } from "../api/amber";
import { texts } from "../texts/texts";

/** Returns a choice of sites; nothing where there is only one. */
export function siteSelect(
  sites: readonly SiteAnswer[],
  chosen: SiteAnswer,
  choose: (id: string) => void,
) {
  if (sites.length < 2) return nothing;
  return html`<select
    aria-label=${texts.sites.site}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
  >
    ${sites.map((site) => {
      const name = siteName(site, sites);
      return html`<option value=${site.id} ?selected=${site.id === chosen.id}>
        ${site.is_gone ? texts.sites.gone(name) : name}
      </option>`;
    })}
  </select>`;
}

/** Returns a choice of the types of a site's channels; null is all of them. */
export function channelSelect(
  site: SiteAnswer,
  chosen: string | null,
  choose: (type: string | null) => void,
) {
  const offered = new Set(site.channels.map(({ type }) => type));
  return html`<select
    aria-label=${texts.sites.channel}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value || null)}
  >
    <option value="" ?selected=${chosen === null}>${texts.sites.allChannels}</option>
    ${[...offered].map(
      (type) =>
        html`<option value=${type} ?selected=${type === chosen}>
          ${texts.sites.channels[type] ?? type}
        </option>`,
    )}
  </select>`;
}
