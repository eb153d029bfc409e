/** Where to go: a rail at the side, or a bar at the bottom of a small screen. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { PAGES, type Page } from "../pages/pages";
import { icon } from "../parts/icon";
import { addressOf } from "../routing/view";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";

/** How many fit into the bar, beside the button for the others. */
const IN_BAR = 4;

@customElement("page-navigation")
export class PageNavigation extends LitElement {
  static override styles = [
    shared,
    css`
      nav {
        background: var(--card);
        border-right: 1px solid var(--line);
        height: 100vh;
        overflow-y: auto;
        padding: 0.75rem 0.5rem;
        position: sticky;
        top: 0;
        width: 5.75rem;
      }
      .brand {
        display: block;
        height: 2.5rem;
        margin: 0 auto 0.75rem;
        width: 2.5rem;
      }
      a.page,
      button.more {
        align-items: center;
        background: none;
        border: 0;
        border-radius: var(--round-small);
        color: var(--ink-soft);
        display: flex;
        flex-direction: column;
        font-size: 0.75rem;
        font-weight: 550;
        gap: 0.15rem;
        justify-content: center;
        line-height: 1.15;
        min-height: 3.5rem;
        min-width: 0;
        padding: 0.35rem 0.15rem;
        position: relative;
        text-align: center;
        text-decoration: none;
        width: 100%;
      }
      a.page:hover {
        background: var(--sunken);
        color: var(--ink);
      }
      a[aria-current="page"] {
        color: var(--accent);
        font-weight: 700;
      }
      a[aria-current="page"]::before {
        background: var(--accent);
        border-radius: 2px;
        content: "";
        inset: 0.6rem auto 0.6rem -0.5rem;
        position: absolute;
        width: 3px;
      }
      button.more {
        display: none;
      }
      @media (max-width: 52rem) {
        nav {
          border-right: 0;
          border-top: 1px solid var(--line);
          bottom: 0;
          height: auto;
          left: 0;
          overflow: visible;
          padding: 0.15rem 0.25rem max(0.15rem, env(safe-area-inset-bottom));
          position: fixed;
          right: 0;
          top: auto;
          width: auto;
          z-index: 5;
        }
        .brand {
          display: none;
        }
        ul {
          display: grid;
          grid-auto-columns: minmax(0, 1fr);
          grid-auto-flow: column;
        }
        a[aria-current="page"]::before {
          inset: -0.15rem 25% auto;
          height: 3px;
          width: auto;
        }
        button.more {
          display: flex;
        }
        nav:not(.open) li.rest {
          display: none;
        }
        nav.open ul {
          grid-auto-flow: row;
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
      }
    `,
  ];

  @property() current = "";
  @state() private isOpen = false;

  override render() {
    return html`
      <nav
        aria-label=${texts.shell.navigation}
        class=${this.isOpen ? "open" : ""}
        @keydown=${this.close}
      >
        <img class="brand" src=${new URL("icon.svg", document.baseURI).href} alt="" />
        <ul>
          ${PAGES.map((page, at) => this.link(page, at >= IN_BAR))}
          ${
            PAGES.length > IN_BAR
              ? html`<li>
                  <button
                    class="more"
                    aria-expanded=${this.isOpen}
                    @click=${() => {
                      this.isOpen = !this.isOpen;
                    }}
                  >
                    ${icon("more", 22)} ${texts.shell.more}
                  </button>
                </li>`
              : nothing
          }
        </ul>
      </nav>
    `;
  }

  private link(page: Page, isRest: boolean) {
    return html`<li class=${isRest ? "rest" : ""}>
      <a
        class="page"
        href=${addressOf(page.name)}
        aria-current=${page.name === this.current ? "page" : "false"}
        @click=${() => {
          this.isOpen = false;
        }}
        >${icon(page.icon, 22)} ${page.title}</a
      >
    </li>`;
  }

  private readonly close = (event: KeyboardEvent) => {
    if (event.key === "Escape") this.isOpen = false;
  };
}
