/** What holds for this device alone: colours; and whose clock is used for what. */

import { css, html, LitElement } from "lit";
import { customElement, state } from "lit/decorators.js";
import { zoneLabel } from "../../format/times";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { chooseTheme, chosenTheme, THEMES } from "../../theme/theme";
import { browserZone } from "../../time/zones";

@customElement("device-card")
export class DeviceCard extends LitElement {
  static override styles = [
    shared,
    css`
      fieldset {
        border: 0;
        margin: 0 0 0.5rem;
        padding: 0;
      }
      legend {
        font-weight: 600;
        margin-bottom: 0.35rem;
        padding: 0;
      }
      p + p {
        margin-top: 0.35rem;
      }
    `,
  ];

  @state() private theme = chosenTheme();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("themechange", this.follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("themechange", this.follow);
  }

  override render() {
    const { device } = texts.settings;
    return html`<panel-card heading=${device.heading}>
      <fieldset>
        <legend>${device.theme}</legend>
        <div class="row">
          ${THEMES.map(
            (theme) =>
              html`<button
                aria-pressed=${theme === this.theme}
                @click=${() => chooseTheme(theme)}
              >
                ${texts.shell.themes[theme]}
              </button>`,
          )}
        </div>
      </fieldset>
      <p class="small soft">${device.kept}</p>
      <p class="small">
        ${device.zones} ${device.yourZone(zoneLabel(browserZone()))}
      </p>
    </panel-card>`;
  }

  private readonly follow = () => {
    this.theme = chosenTheme();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "device-card": DeviceCard;
  }
}
