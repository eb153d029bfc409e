/** The frame around every page: navigation, state of the sources, the page itself. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Loaded } from "../api/loaded";
import { SessionController, session } from "../api/session";
import "../pages/login/login_page";
import { type Page, pageNamed } from "../pages/pages";
import { whenLoaded } from "../parts/answer_state";
import { icon } from "../parts/icon";
import { addressOf, ViewController } from "../routing/view";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";
import "./connection_notice";
import "./page_navigation";
import "./source_states";
import "./theme_choice";

@customElement("app-shell")
export class AppShell extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        min-height: 100vh;
      }
      .skip {
        left: 0.5rem;
        position: fixed;
        top: -5rem;
        z-index: 10;
      }
      .skip:focus {
        top: 0.5rem;
      }
      .body {
        margin-inline: auto;
        max-width: 100rem;
        min-width: 0;
        padding: 0 clamp(0.75rem, 2.4vw, 2.5rem) 3rem;
        width: 100%;
      }
      header {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        min-height: 4.25rem;
        padding-block: 0.5rem;
      }
      h1 {
        margin-right: auto;
      }
      h1:focus {
        outline: none;
      }
      .tools {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 0.15rem;
      }
      button.icon {
        padding: 0;
      }
      main {
        display: block;
      }
      @media (max-width: 52rem) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
        .body {
          padding-bottom: 6rem;
        }
        page-navigation {
          grid-row: 2;
        }
      }
    `,
  ];

  @state() private loadedPage: string | undefined;
  @state() private failedPage: string | undefined;
  private readonly route = new ViewController(this);
  private readonly session = new SessionController(this);
  private readonly start = new Loaded(this, { ask: (signal) => session.ask(signal) });
  private shown: string | undefined;

  private get page(): Page | undefined {
    return pageNamed(this.route.page);
  }

  private get asksForKey(): boolean {
    const { page } = this;
    if (this.route.page === "login") return true;
    return page?.needsKey === true && this.session.isSignedIn === false;
  }

  private get heading(): string {
    if (this.asksForKey) return texts.login.title;
    return this.page?.title ?? texts.shell.notFound;
  }

  override render() {
    return html`
      <button class="skip" @click=${this.skip}>${texts.shell.skip}</button>
      <page-navigation .current=${this.page?.name ?? ""}></page-navigation>
      <div class="body">
        <header>
          <h1 tabindex="-1">${this.heading}</h1>
          <div class="tools">
            <source-states></source-states>
            <theme-choice></theme-choice>
            ${this.sessionButton()}
          </div>
        </header>
        <connection-notice></connection-notice>
        <main id="content" tabindex="-1">${this.content()}</main>
      </div>
    `;
  }

  private sessionButton() {
    if (!session.needsKey || this.session.isSignedIn === null) return nothing;
    if (!this.session.isSignedIn) {
      if (this.asksForKey) return nothing;
      const address = addressOf("login", { back: location.hash.replace(/^#\/?/, "") });
      return html`<a class="button" href=${address}>${texts.shell.signIn}</a>`;
    }
    return html`<button
      class="plain icon"
      aria-label=${texts.shell.signOut}
      title=${texts.shell.signOut}
      @click=${() => session.signOut()}
    >
      ${icon("leave")}
    </button>`;
  }

  private content() {
    const { page } = this;
    if (this.session.isSignedIn === null) return whenLoaded(this.start, () => nothing);
    if (this.asksForKey) return html`<login-page></login-page>`;
    if (page === undefined) {
      return html`<p>${texts.shell.notFoundHint}</p>
        <p><a href=${addressOf("")}>${texts.shell.home}</a></p>`;
    }
    if (this.failedPage === page.name) {
      return html`<notice-box kind="bad">
        ${texts.shell.pageFailed}
        <button slot="action" @click=${() => location.reload()}>
          ${texts.shell.reload}
        </button>
      </notice-box>`;
    }
    if (this.loadedPage !== page.name) {
      return html`<p class="soft" role="status">${texts.shell.loading}</p>`;
    }
    return this.elementOf(page);
  }

  private element: HTMLElement | undefined;

  /** One element for each visit of a page. */
  private elementOf(page: Page): HTMLElement {
    if (this.element?.localName !== page.element) {
      this.element = document.createElement(page.element);
    }
    return this.element;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { page } = this;
    if (page === undefined || this.loadedPage === page.name) return;
    if (this.failedPage === page.name) return;
    page.load().then(
      () => {
        this.loadedPage = page.name;
      },
      () => {
        this.failedPage = page.name;
      },
    );
  }

  protected override updated(_changed: PropertyValues): void {
    document.title = `${this.heading} · ${texts.shell.product}`;
    const here = this.asksForKey ? "login" : (this.page?.name ?? "");
    if (this.shown !== undefined && this.shown !== here) {
      // as after loading a document: from the top, and read from its heading
      window.scrollTo(0, 0);
      this.renderRoot.querySelector("h1")?.focus({ preventScroll: true });
    }
    this.shown = here;
  }

  private readonly skip = () => {
    this.renderRoot.querySelector("main")?.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "app-shell": AppShell;
  }
}
