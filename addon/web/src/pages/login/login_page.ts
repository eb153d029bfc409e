/** Asks for the API key once. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { ApiProblem } from "../../api/problem";
import { session } from "../../api/session";
import { problemSentence } from "../../parts/answer_state";
import "../../parts/panel_card";
import { currentRoute } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";

@customElement("login-page")
export class LoginPage extends LitElement {
  static override styles = [
    shared,
    css`
      panel-card {
        margin: 4vh auto 0;
        max-width: 30rem;
      }
      form {
        display: grid;
        gap: 0.75rem;
        margin-block: 1.25rem;
      }
      label {
        font-weight: 600;
      }
      input {
        font-family: var(--font-mono);
        width: 100%;
      }
      code {
        background: var(--sunken);
        border-radius: var(--round-small);
        display: block;
        font: var(--text-small) var(--font-mono);
        margin-block: 0.35rem 0.75rem;
        overflow-wrap: anywhere;
        padding: 0.5rem 0.7rem;
      }
      .wrong {
        color: var(--bad);
        font-weight: 550;
      }
    `,
  ];

  @state() private isBusy = false;
  @state() private problem: string | undefined;
  @query("input") private field!: HTMLInputElement;

  override render() {
    return html`<panel-card heading=${texts.login.heading}>
      <p>${texts.login.why}</p>
      <form @submit=${this.signIn}>
        <label for="key">${texts.login.key}</label>
        <input
          id="key"
          type="password"
          name="key"
          autocomplete="current-password"
          required
          aria-describedby="wrong"
          aria-invalid=${this.problem !== undefined}
        />
        <p id="wrong" class="wrong" role="alert">${this.problem ?? nothing}</p>
        <button class="primary" ?disabled=${this.isBusy}>
          ${this.isBusy ? texts.login.busy : texts.login.submit}
        </button>
      </form>
      <p class="small">${texts.login.find}</p>
      <code>${texts.login.command}</code>
      <p class="small soft">${texts.login.kept}</p>
    </panel-card>`;
  }

  private readonly signIn = async (event: SubmitEvent) => {
    event.preventDefault();
    this.isBusy = true;
    this.problem = undefined;
    try {
      await session.signIn(this.field.value.trim());
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = problemSentence(error);
      if (error.status === 401) this.problem = error.message;
      return;
    } finally {
      this.isBusy = false;
    }
    const { page, view } = currentRoute();
    if (page === "login") location.hash = `#/${view.back ?? ""}`;
  };
}
