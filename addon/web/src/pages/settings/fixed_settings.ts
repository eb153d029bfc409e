/** Settings that cannot be changed while the server runs: what holds, and since where. */

import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { codeText } from "../../parts/code_text";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import type { NamedSetting } from "./groups";
import { valueText } from "./setting_field";

/** Returns what is set, or of a secret only whether it is. */
function shown({ name, setting }: NamedSetting): string {
  if (setting.is_secret) {
    return setting.is_set ? texts.settings.set : texts.settings.notSet;
  }
  return valueText(name, setting.value);
}

@customElement("fixed-settings")
export class FixedSettings extends LitElement {
  static override styles = [
    shared,
    css`
      summary {
        align-items: center;
        color: var(--accent);
        cursor: pointer;
        display: flex;
        font-weight: 550;
        min-height: var(--target);
      }
      li {
        border-top: 1px solid var(--line);
        display: grid;
        gap: 0.2rem 2rem;
        grid-template-columns: minmax(0, 1fr) minmax(0, 19rem);
        overflow-wrap: anywhere;
        padding-block: 0.7rem;
      }
      code {
        font-family: var(--font-mono);
        font-size: 0.92em;
      }
      h3 code {
        font-weight: 600;
      }
      @media (max-width: 46rem) {
        li {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property({ attribute: false }) settings: readonly NamedSetting[] = [];

  override render() {
    const { fixed, origins } = texts.settings;
    return html`<panel-card heading=${fixed.heading}>
      <p class="small soft">${fixed.why}</p>
      <details>
        <summary>${fixed.show(this.settings.length)}</summary>
        <ul>
          ${this.settings.map(
            (one) =>
              html`<li>
                <div>
                  <h3><code>${one.name}</code></h3>
                  <p class="small">${codeText(one.setting.description)}</p>
                </div>
                <div>
                  <p>${shown(one)}</p>
                  <p class="small soft">
                    ${origins[one.setting.source] ?? one.setting.source}
                  </p>
                </div>
              </li>`,
          )}
        </ul>
      </details>
    </panel-card>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "fixed-settings": FixedSettings;
  }
}
