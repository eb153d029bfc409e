/** Lets the reader choose between light, dark and what the system says. */

import { css, html, LitElement } from "lit";
import { customElement, state } from "lit/decorators.js";
import { icon } from "../parts/icon";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";
import { chooseTheme, chosenTheme, THEMES } from "../theme/theme";

@customElement("theme-choice")
export class ThemeChoice extends LitElement {
  static override styles = [
    shared,
    css`
      button {
        padding: 0;
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
    const label = `${texts.shell.theme}: ${texts.shell.themes[this.theme]}`;
    return html`<button class="plain" aria-label=${label} title=${label} @click=${this.next}>
      ${icon("theme")}
    </button>`;
  }

  private readonly next = () => {
    const at = THEMES.indexOf(this.theme);
    chooseTheme(THEMES[(at + 1) % THEMES.length] ?? "auto");
  };

  private readonly follow = () => {
    this.theme = chosenTheme();
  };
}
