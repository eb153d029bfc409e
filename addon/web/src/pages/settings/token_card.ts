/** Amber's token: tried with Amber, then saved; never shown, never kept here. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { api } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import type { SettingAnswer, TriedTokenAnswer } from "../../api/settings";
import { loadedStatus } from "../../api/status";
import { instant } from "../../format/times";
import { problemSentence } from "../../parts/answer_state";
import { icon } from "../../parts/icon";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { addressOf } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { browserZone } from "../../time/zones";
import { TOKEN } from "./groups";

const SETTING = `api/settings/${TOKEN}`;
type Doing = "trying" | "saving" | "removing";

/**
 * @fires settings-change - Another token holds now, or none.
 */
@customElement("token-card")
export class TokenCard extends LitElement {
  static override styles = [
    shared,
    css`
      form {
        display: grid;
        gap: 0.35rem;
        margin-top: 0.75rem;
        max-width: 34rem;
      }
      label {
        font-weight: 600;
      }
      .row > input {
        flex: 1 1 14rem;
        font-family: var(--font-mono);
        min-width: 0;
      }
      .wrong {
        color: var(--bad);
        font-weight: 550;
      }
      .sites {
        display: grid;
        gap: 0.5rem;
        margin-block: 0.5rem 1rem;
      }
      .sites li {
        border-left: 3px solid var(--amber-area);
        overflow-wrap: anywhere;
        padding-left: 0.75rem;
      }
      .good {
        align-items: start;
        color: var(--good);
        display: flex;
        font-weight: 600;
        gap: 0.4rem;
        margin-top: 0.75rem;
      }
      .remove {
        margin-top: 0.75rem;
      }
    `,
  ];

  @property({ attribute: false }) setting!: SettingAnswer;
  @state() private doing: Doing | undefined;
  @state() private problem = "";
  /** What Amber answered to the token that stands in the field. */
  @state() private tried: TriedTokenAnswer | undefined;
  @state() private done: "saved" | "removed" | undefined;
  @state() private isSure = false;
  @query("input") private field!: HTMLInputElement;
  private readonly status = loadedStatus(this);

  override render() {
    const { setting } = this;
    const { token, origins } = texts.settings;
    const origin = origins[setting.source] ?? setting.source;
    return html`<panel-card source="amber" heading=${token.heading}>
      <p class="small soft">
        ${setting.is_set ? token.isSet(origin) : token.none}
      </p>
      ${this.refused()} ${this.doneNotice()}
      <form @submit=${this.try}>
        <label for="token">${setting.is_set ? token.labelNew : token.label}</label>
        <div class="row">
          <input
            id="token"
            type="password"
            autocomplete="off"
            spellcheck="false"
            required
            aria-describedby="hint wrong"
            aria-invalid=${this.problem !== ""}
            @input=${this.forget}
          />
          <button class=${this.tried ? "" : "primary"} ?disabled=${this.doing !== undefined}>
            ${this.doing === "trying" ? token.trying : token.try}
          </button>
        </div>
        <p id="hint" class="small soft">${token.hint}</p>
        <p id="wrong" class="small wrong" role="alert">${this.problem || nothing}</p>
      </form>
      <div aria-live="polite">${this.tried ? this.sites(this.tried) : nothing}</div>
      ${setting.source === "saved" ? this.removal() : nothing}
    </panel-card>`;
  }

  private refused() {
    const since = this.status.value?.sources.amber?.refused_since;
    if (since === undefined || since === null || this.done !== undefined)
      return nothing;
    const at = instant(Date.parse(since), browserZone(), "both");
    return html`<notice-box kind="bad">${texts.settings.token.refused(at)}</notice-box>`;
  }

  private doneNotice() {
    if (this.done === undefined) return nothing;
    const { token } = texts.settings;
    if (this.done === "removed") {
      return html`<notice-box kind="good">${token.removed}</notice-box>`;
    }
    return html`<notice-box kind="good">
      ${token.saved}
      <a slot="action" class="button" href=${addressOf("health")}>${token.watch}</a>
    </notice-box>`;
  }

  private sites({ sites }: TriedTokenAnswer) {
    const { token } = texts.settings;
    return html`
      <p class="good">
        ${icon("good")}
        <span>${sites.length === 0 ? token.noSites : token.good(sites.length)}</span>
      </p>
      <ul class="sites">
        ${sites.map(
          ({ nmi, network, status, active_from, channels }) =>
            html`<li>
              <strong>${token.site(network ?? token.noNetwork, nmi)}</strong>
              <p class="small soft">
                ${active_from === null ? status : token.since(status, active_from)}:
                ${channels
                  .map(
                    ({ identifier, type }) =>
                      `${identifier} ${texts.sites.channels[type] ?? type}`,
                  )
                  .join(", ")}
              </p>
            </li>`,
        )}
      </ul>
      <button class="primary" ?disabled=${this.doing !== undefined} @click=${this.save}>
        ${this.doing === "saving" ? texts.settings.saving : token.save}
      </button>
    `;
  }

  private removal() {
    const { token } = texts.settings;
    if (!this.isSure) {
      return html`<div class="remove">
        <button
          @click=${() => {
            this.isSure = true;
          }}
        >
          ${token.remove}
        </button>
      </div>`;
    }
    return html`<notice-box class="remove" kind="warn">
      ${token.sure}
      <button slot="action" ?disabled=${this.doing !== undefined} @click=${this.removeIt}>
        ${token.removeNow}
      </button>
      <button
        slot="action"
        class="plain"
        @click=${() => {
          this.isSure = false;
        }}
      >
        ${token.keep}
      </button>
    </notice-box>`;
  }

  private readonly forget = () => {
    this.tried = undefined;
    this.problem = "";
    this.done = undefined;
  };

  private readonly try = (event: SubmitEvent) => {
    event.preventDefault();
    this.forget();
    const token = this.field.value;
    void this.doIt("trying", async () => {
      const body = { token };
      const tried = await api.change<TriedTokenAnswer>("POST", "api/amber/try", body);
      // somebody may have written on
      if (this.field.value === token) this.tried = tried;
    });
  };

  private readonly save = () =>
    this.doIt("saving", async () => {
      await api.change("PUT", SETTING, { value: this.field.value });
      this.end("saved");
    });

  private readonly removeIt = () =>
    this.doIt("removing", async () => {
      await api.change("DELETE", SETTING);
      this.end("removed");
    });

  private end(done: "saved" | "removed"): void {
    this.field.value = "";
    this.tried = undefined;
    this.isSure = false;
    this.done = done;
    this.status.reload();
    this.dispatchEvent(new CustomEvent("settings-change"));
  }

  private async doIt(doing: Doing, action: () => Promise<void>): Promise<void> {
    this.doing = doing;
    this.problem = "";
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      const isTold = error.code === "token_refused";
      this.problem = isTold ? error.message : problemSentence(error);
    } finally {
      this.doing = undefined;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "token-card": TokenCard;
  }
}
