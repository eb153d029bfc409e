/** Every setting: what holds and why, and changing what can be changed. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api, segment } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { ApiProblem } from "../../api/problem";
import { SessionController } from "../../api/session";
import type { SettingsAnswer } from "../../api/settings";
import { problemSentence, whenLoaded } from "../../parts/answer_state";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import "./device_card";
import { changesIn, type Drafts, textOf, without } from "./drafts";
import "./fixed_settings";
import { editableIn, fixedIn, GROUPS, type Group, groupOf, TOKEN } from "./groups";
import "./notification_trial";
import { titleOf } from "./setting_field";
import "./token_card";

interface Notice {
  readonly kind: "good" | "bad";
  readonly sentence: string;
}

@customElement("settings-page")
export class SettingsPage extends LitElement {
  static override styles = [
    shared,
    css`
      .cards {
        display: grid;
        gap: var(--gap);
        grid-template-columns: minmax(0, 1fr);
        max-width: 64rem;
      }
      setting-field + setting-field {
        border-top: 1px solid var(--line);
      }
      .save {
        align-items: center;
        background: var(--card);
        border: 1px solid var(--line);
        border-radius: var(--round);
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 0.75rem;
        padding: 0.6rem var(--pad);
        z-index: 2;
      }
      .save p {
        flex: 1 1 4rem;
      }
      .save.changed {
        border-color: var(--warn);
        bottom: 0.75rem;
        box-shadow: 0 0.25rem 1rem rgb(0 0 0 / 25%);
        position: sticky;
      }
      @media (max-width: 52rem) {
        .save.changed {
          bottom: 4.5rem;
        }
      }
    `,
  ];

  @state() private drafts: Drafts = {};
  /** Why a change was refused, by name of the setting. */
  @state() private problems: Drafts = {};
  @state() private notice: Notice | undefined;
  @state() private isBusy = false;
  private readonly session = new SessionController(this);
  private readonly settings = new Loaded<SettingsAnswer>(this, {
    about: () => (this.session.isSignedIn ? "settings" : null),
    ask: (signal) => this.ask(signal),
  });

  private ask(signal?: AbortSignal): Promise<SettingsAnswer> {
    return api.get("api/settings", {}, signal);
  }

  override render() {
    return whenLoaded(this.settings, (answer) => this.cards(answer));
  }

  private cards(answer: SettingsAnswer) {
    const token = answer.settings[TOKEN];
    const changes = changesIn(this.drafts, answer.settings);
    return html`<div class="cards">
      ${answer.warnings.map(
        (warning) => html`<notice-box kind="warn">${warning}</notice-box>`,
      )}
      ${
        token === undefined
          ? nothing
          : html`<token-card
              .setting=${token}
              @settings-change=${this.settings.reload}
            ></token-card>`
      }
      ${GROUPS.map((group) => this.group(group, answer, changes))}
      ${this.saveBar(changes)}
      <device-card></device-card>
      <fixed-settings .settings=${fixedIn(answer.settings)}></fixed-settings>
    </div>`;
  }

  private group(group: Group, { settings }: SettingsAnswer, changes: Drafts) {
    const source = group === "amber" || group === "kamo" ? group : "";
    return html`<panel-card source=${source} heading=${texts.settings.groups[group] ?? group}>
      ${editableIn(group, settings).map(
        ({ name, setting }) =>
          html`<setting-field
            id=${name}
            name=${name}
            .setting=${setting}
            .draft=${this.drafts[name] ?? textOf(setting.value)}
            ?changed=${name in changes}
            ?disabled=${this.isBusy}
            problem=${this.problems[name] ?? ""}
            @draft-change=${({ detail }: CustomEvent<string>) => this.write(name, detail)}
            @setting-reset=${() => this.reset(name)}
          ></setting-field>`,
      )}
      ${
        group === "mail"
          ? html`<notification-trial
              ?unsaved=${Object.keys(changes).some((name) => groupOf(name) === group)}
            ></notification-trial>`
          : nothing
      }
    </panel-card>`;
  }

  private saveBar(changes: Drafts) {
    const count = Object.keys(changes).length;
    const { notice } = this;
    return html`
      ${notice ? html`<notice-box kind=${notice.kind}>${notice.sentence}</notice-box>` : nothing}
      <div class="save ${count > 0 ? "changed" : ""}">
        <p class=${count > 0 ? "" : "soft"} role="status">
          ${count > 0 ? texts.settings.changes(count) : texts.settings.unchanged}
        </p>
        ${
          count > 0
            ? html`<button ?disabled=${this.isBusy} @click=${this.discard}>
                ${texts.settings.discard}
              </button>`
            : nothing
        }
        <button
          class="primary"
          ?disabled=${count === 0 || this.isBusy}
          @click=${() => this.save(changes)}
        >
          ${this.isBusy ? texts.settings.saving : texts.settings.save}
        </button>
      </div>
    `;
  }

  private write(name: string, text: string): void {
    this.drafts = { ...this.drafts, [name]: text };
    this.problems = without(this.problems, [name]);
    this.notice = undefined;
  }

  private readonly discard = () => {
    this.drafts = {};
    this.problems = {};
    this.notice = undefined;
  };

  private save(changes: Drafts): Promise<void> {
    return this.change(async () => {
      await api.change("POST", "api/settings", { settings: changes });
      this.settings.value = await this.ask();
      this.drafts = {};
      return texts.settings.saved;
    });
  }

  private reset(name: string): Promise<void> {
    return this.change(async () => {
      await api.change("DELETE", `api/settings/${segment(name)}`);
      this.settings.value = await this.ask();
      this.drafts = without(this.drafts, [name]);
      return texts.settings.wasReset(titleOf(name));
    });
  }

  /** @param action - Changes something, and returns what to say then. */
  private async change(action: () => Promise<string>): Promise<void> {
    this.isBusy = true;
    this.problems = {};
    this.notice = undefined;
    try {
      const sentence = await action();
      this.notice = { kind: "good", sentence };
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.refuse(error);
    } finally {
      this.isBusy = false;
    }
  }

  private refuse(problem: ApiProblem): void {
    const { parameter } = problem;
    const field =
      parameter === null ? null : this.renderRoot.querySelector(`#${parameter}`);
    if (parameter === null || field === null) {
      this.notice = { kind: "bad", sentence: problemSentence(problem) };
      return;
    }
    this.problems = { [parameter]: problem.message };
    this.notice = { kind: "bad", sentence: texts.settings.notSaved };
    void this.updateComplete.then(() => (field as HTMLElement).focus());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "settings-page": SettingsPage;
  }
}
