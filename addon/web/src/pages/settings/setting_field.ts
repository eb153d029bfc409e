/** A setting: what it does, its value, where that comes from, and a field to change it. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { SettingAnswer, SettingValue } from "../../api/settings";
import { codeText } from "../../parts/code_text";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { textOf } from "./drafts";
import { unitOf } from "./groups";

/** Returns what a setting is called. */
export function titleOf(name: string): string {
  return texts.settings.titles[name] ?? name;
}

/** Returns a value in words. */
export function valueText(name: string, value: SettingValue): string {
  if (value === null || value === "") return texts.settings.nothing;
  if (typeof value === "boolean") return value ? texts.settings.yes : texts.settings.no;
  const unit = texts.settings.units[unitOf(name)];
  return unit === undefined ? String(value) : `${value}\u00a0${unit}`;
}

/**
 * @fires draft-change - Something was written; `detail` is the text.
 * @fires setting-reset - What was saved is to be forgotten.
 */
@customElement("setting-field")
export class SettingField extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        border-left: 3px solid transparent;
        display: grid;
        gap: 0.35rem 2rem;
        grid-template-columns: minmax(0, 1fr) minmax(0, 19rem);
        margin-inline: calc(-1 * var(--pad));
        padding: 0.9rem calc(var(--pad) - 3px);
      }
      :host([changed]) {
        background: var(--warn-area);
        border-left-color: var(--warn);
      }
      label {
        display: block;
        font-weight: 600;
      }
      .about {
        overflow-wrap: anywhere;
      }
      code {
        font-family: var(--font-mono);
        font-size: 0.92em;
      }
      .control {
        align-items: center;
        display: flex;
        gap: 0.5rem;
      }
      input,
      select {
        flex: 1 1 auto;
        min-width: 0;
        /* not below the bar that saves */
        scroll-margin-block: 9rem;
        width: 100%;
      }
      .wrong {
        color: var(--bad);
        font-weight: 550;
        overflow-wrap: anywhere;
      }
      input[aria-invalid="true"],
      select[aria-invalid="true"] {
        border-color: var(--bad);
        border-width: 2px;
      }
      .state {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 0.15rem 0.6rem;
        justify-content: space-between;
        min-height: 1.6rem;
      }
      .state button {
        margin-inline-end: -0.5rem;
        padding-inline: 0.5rem;
      }
      .mark {
        color: var(--warn);
        font-weight: 650;
      }
      :host([changed]) .soft {
        color: var(--ink);
      }
      @media (max-width: 46rem) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property() name = "";
  @property({ attribute: false }) setting!: SettingAnswer;
  /** What stands in the field. */
  @property() draft = "";
  /** Whether that differs from what is in force. */
  @property({ type: Boolean, reflect: true }) changed = false;
  @property({ type: Boolean }) disabled = false;
  /** Why it was refused. */
  @property() problem = "";

  override render() {
    const { name, setting } = this;
    const { titles } = texts.settings;
    return html`
      <div class="about">
        <label for="field">${titleOf(name)}</label>
        <p class="small" id="about">${codeText(setting.description)}</p>
        <p class="small soft">
          ${titles[name] === undefined ? nothing : html`<code>${name}</code> · `}${this.allowed()}${texts.settings.isDefault(valueText(name, setting.default))}
        </p>
        ${
          setting.problem === null
            ? nothing
            : html`<p class="small wrong">${texts.settings.ignored(setting.problem)}</p>`
        }
      </div>
      <div>
        <div class="control">${this.field()} ${this.unit()}</div>
        <p id="wrong" class="small wrong" role="alert">${this.problem || nothing}</p>
        <div class="state small soft">
          <span>
            ${this.origin()}
            ${this.changed ? html`<span class="mark">${texts.settings.changed}</span>` : nothing}
          </span>
          ${
            setting.source === "saved"
              ? html`<button
                  class="plain small"
                  title=${texts.settings.resetHint}
                  aria-label=${texts.settings.resetOf(titleOf(name))}
                  ?disabled=${this.disabled}
                  @click=${() => this.dispatchEvent(new CustomEvent("setting-reset"))}
                >
                  ${texts.settings.reset}
                </button>`
              : nothing
          }
        </div>
      </div>
    `;
  }

  private allowed(): string {
    const { choices, type, allowed } = this.setting;
    if (choices.length > 0 || type === "boolean") return "";
    return `${texts.settings.allowed(allowed)} · `;
  }

  private origin(): string {
    const { source } = this.setting;
    const origin = texts.settings.origins[source] ?? source;
    const isOthers = source !== "default" && source !== "saved";
    return isOthers ? `${origin}; ${texts.settings.wins}` : origin;
  }

  private unit() {
    const unit = texts.settings.units[unitOf(this.name)];
    return unit === undefined ? nothing : html`<span class="soft">${unit}</span>`;
  }

  private field() {
    const { choices, type, is_secret, is_set } = this.setting;
    const options: readonly (readonly [string, string])[] =
      type === "boolean"
        ? [
            ["true", texts.settings.yes],
            ["false", texts.settings.no],
          ]
        : choices.map((choice) => [textOf(choice), textOf(choice)]);
    if (options.length > 0) {
      return html`<select
        id="field"
        aria-describedby="about wrong"
        aria-invalid=${this.problem !== ""}
        .value=${this.draft}
        ?disabled=${this.disabled}
        @change=${this.write}
      >
        ${options.map(
          ([value, label]) =>
            html`<option value=${value} ?selected=${value === this.draft}>${label}</option>`,
        )}
      </select>`;
    }
    return html`<input
      id="field"
      type=${is_secret ? "password" : "text"}
      placeholder=${is_secret && is_set ? texts.settings.set : ""}
      inputmode=${type === "integer" ? "numeric" : "text"}
      autocomplete=${is_secret ? "new-password" : "off"}
      autocapitalize="none"
      spellcheck="false"
      aria-describedby="about wrong"
      aria-invalid=${this.problem !== ""}
      .value=${this.draft}
      ?disabled=${this.disabled}
      @input=${this.write}
    />`;
  }

  private readonly write = (event: Event) => {
    const { value } = event.target as HTMLInputElement | HTMLSelectElement;
    this.dispatchEvent(new CustomEvent<string>("draft-change", { detail: value }));
  };

  /** Puts the cursor into the field, in the middle of the window. */
  override focus(): void {
    const field = this.renderRoot.querySelector<HTMLElement>("#field");
    field?.focus({ preventScroll: true });
    this.scrollIntoView({ block: "center" });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "setting-field": SettingField;
  }
}
