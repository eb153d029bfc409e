/** The dialog in which one substation is shown; the address says which. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { AreaAnswer, SubstationsAnswer } from "../../api/kamo";
import type { Loaded } from "../../api/loaded";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import "./substation_detail";

const words = texts.inspector.substation;

/**
 * @fires left - It was closed; `detail` is the name of its substation.
 */
@customElement("substation-dialog")
export class SubstationDialog extends LitElement {
  static override styles = [
    shared,
    css`
      dialog {
        background: var(--card);
        border: 1px solid var(--line-strong);
        border-radius: var(--round);
        color: var(--ink);
        max-height: calc(100dvh - 2rem);
        max-width: none;
        overflow-y: auto;
        padding: 0;
        width: min(56rem, calc(100vw - 1.5rem));
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      .inside {
        padding: var(--pad);
      }
      header {
        align-items: start;
        display: flex;
        gap: 1rem;
        justify-content: space-between;
        margin-bottom: 0.75rem;
      }
      header div {
        min-width: 0;
      }
      h2 {
        font-size: 1.25rem;
        max-height: 4.8em;
        overflow-wrap: anywhere;
        overflow-y: auto;
      }
      /* a place to begin reading from, nothing to act on */
      h2:focus-visible {
        outline: none;
      }
      header button {
        flex: none;
      }
    `,
  ];

  @property({ attribute: false }) area!: AreaAnswer;
  /** The same object with another answer in it. */
  @property({ attribute: false, hasChanged: () => true })
  readings!: Loaded<SubstationsAnswer>;
  @query("dialog") private dialog!: HTMLDialogElement;
  private readonly route = new ViewController(this);
  private shown: string | undefined;

  private get name(): string | undefined {
    return this.area.is_aggregate ? undefined : this.route.view.substation;
  }

  override render() {
    const { name } = this;
    return html`<dialog aria-labelledby="name" @close=${this.leave} @click=${this.clickBeside}>
      ${
        name === undefined
          ? nothing
          : html`<div class="inside">
              <header>
                <div>
                  <h2 id="name" tabindex="-1" autofocus>${name}</h2>
                  <p class="small soft">${words.of(this.area.name)}</p>
                </div>
                <button @click=${this.leave}>${words.close}</button>
              </header>
              <substation-detail
                .area=${this.area}
                .name=${name}
                .readings=${this.readings}
              ></substation-detail>
            </div>`
      }
    </dialog>`;
  }

  protected override updated(): void {
    const { name, dialog, shown } = this;
    this.shown = name;
    if (name !== undefined && !dialog.open) dialog.showModal();
    if (name !== undefined || shown === undefined) return;
    if (dialog.open) dialog.close();
    this.dispatchEvent(new CustomEvent<string>("left", { detail: shown }));
  }

  private readonly leave = () => {
    if (this.name === undefined) return;
    this.route.change({ substation: null, span: null, close: null });
  };

  /** A click beside the dialog closes it. */
  private readonly clickBeside = (event: Event) => {
    if (event.target === this.dialog) this.leave();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "substation-dialog": SubstationDialog;
  }
}
