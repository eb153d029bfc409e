/** Sends a message to try by every service that is set up, and says how that went. */

import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { problemSentence } from "../../parts/answer_state";
import "../../parts/notice_box";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";

interface TrialAnswer {
  /** Names of the services that took the message. */
  readonly services: readonly string[];
}

type Outcome = { readonly kind: "good" | "bad"; readonly sentence: string };

@customElement("notification-trial")
export class NotificationTrial extends LitElement {
  static override styles = shared;

  /** Whether settings are changed and not saved: what is tried is what holds. */
  @property({ type: Boolean }) unsaved = false;
  @state() private isSending = false;
  @state() private outcome: Outcome | undefined;

  override render() {
    const { trial } = texts.settings;
    return html`
      <button ?disabled=${this.isSending || this.unsaved} @click=${this.send}>
        ${this.isSending ? trial.sending : trial.send}
      </button>
      <span class="small soft">${this.unsaved ? trial.saveFirst : trial.hint}</span>
      <div role="status">
        ${
          this.outcome === undefined
            ? nothing
            : html`<notice-box kind=${this.outcome.kind}>
                ${this.outcome.sentence}
              </notice-box>`
        }
      </div>
    `;
  }

  private readonly send = async () => {
    this.isSending = true;
    this.outcome = undefined;
    try {
      const path = "api/notifications/test";
      const { services } = await api.change<TrialAnswer>("POST", path);
      const sentence = texts.settings.trial.sent(services.join(", "));
      this.outcome = { kind: "good", sentence };
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.outcome = { kind: "bad", sentence: problemSentence(error) };
    } finally {
      this.isSending = false;
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "notification-trial": NotificationTrial;
  }
}
