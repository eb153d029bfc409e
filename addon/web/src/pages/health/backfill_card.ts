/** The pass over Amber's history: how far it is, and steering it. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type BackfillAnswer, loadedBackfill } from "../../api/backfill";
import { api } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import { SessionController } from "../../api/session";
import type { StatusAnswer } from "../../api/status";
import { count, decimal, percent } from "../../format/numbers";
import { clockTime, duration, instant } from "../../format/times";
import { problemSentence, whenLoaded } from "../../parts/answer_state";
import "../../parts/level_meter";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { addressOf } from "../../routing/view";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { browserZone } from "../../time/zones";

type Order = "start" | "pause" | "resume" | "cancel";

@customElement("backfill-card")
export class BackfillCard extends LitElement {
  static override styles = [
    shared,
    css`
      level-meter {
        --meter-colour: var(--amber-area);
        margin-block: 0.75rem;
      }
      dl {
        display: grid;
        gap: 0.6rem 1.5rem;
        grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
        margin-block: 0.75rem;
      }
      dd:not(.soft) {
        font-weight: 600;
      }
      .row {
        margin-top: 0.75rem;
      }
    `,
  ];

  @property({ attribute: false }) status: StatusAnswer | undefined;
  @state() private isBusy = false;
  @state() private problem: string | undefined;
  private readonly session = new SessionController(this);
  private readonly backfill = loadedBackfill(
    this,
    () => this.session.isSignedIn === true,
  );

  override render() {
    return html`<panel-card source="amber" heading=${texts.health.backfill.heading}>
      ${whenLoaded(this.backfill, (answer) => this.content(answer))}
    </panel-card>`;
  }

  private content(answer: BackfillAnswer) {
    const { backfill } = texts.health;
    if (answer.state === "not_set_up") {
      return html`<p>${backfill.notSetUp}</p>
        <div class="row">
          <a class="button" href=${addressOf("settings")}
            >${texts.health.problems.toSettings}</a
          >
        </div>`;
    }
    return html`
      <p role="status">${this.sentence(answer)}</p>
      ${answer.is_running ? this.progress(answer) : nothing} ${this.notes(answer)}
      ${
        this.problem === undefined
          ? nothing
          : html`<notice-box kind="bad">${this.problem}</notice-box>`
      }
      <div class="row">${this.orders(answer)}</div>
    `;
  }

  private sentence({ state, is_running, is_paused }: BackfillAnswer): string {
    const { backfill } = texts.health;
    if (is_running && is_paused && state !== "paused") return backfill.pausing;
    return backfill.states[state] ?? state;
  }

  private progress(answer: BackfillAnswer) {
    const { backfill } = texts.health;
    const share = answer.percent === null ? null : answer.percent / 100;
    const calls = this.fewestCalls;
    const left = answer.time_left_seconds;
    return html`
      ${
        share === null
          ? nothing
          : html`<level-meter
              label=${backfill.heading}
              text=${percent(share)}
              .share=${share}
            ></level-meter>`
      }
      <dl>
        ${share === null ? nothing : this.figure(backfill.done, percent(share))}
        ${this.figure(backfill.windows, this.windows(answer), backfill.windowsHint)}
        ${this.figure(backfill.rows, count(answer.rows ?? 0))}
        ${this.figure(
          backfill.rate,
          backfill.perMinute(decimal(answer.windows_per_minute ?? 0, 1)),
        )}
        ${this.figure(
          backfill.left,
          left === null
            ? backfill.unknown
            : backfill.about(duration(Math.max(1, left / 60))),
        )}
        ${
          calls === undefined
            ? nothing
            : this.figure(
                backfill.calls,
                backfill.callsOf(count(calls.remaining), count(calls.limit)),
              )
        }
      </dl>
    `;
  }

  private windows(answer: BackfillAnswer): string {
    const { backfill } = texts.health;
    const done = backfill.of(
      count(answer.windows_done ?? 0),
      count(answer.windows_total ?? 0),
    );
    const failed = answer.windows_failed ?? 0;
    return failed === 0 ? done : `${done}, ${backfill.failed(count(failed))}`;
  }

  /** The counter that has the fewest calls left. */
  private get fewestCalls() {
    return Object.values(this.status?.call_budget ?? {}).reduce<
      { readonly limit: number; readonly remaining: number } | undefined
    >(
      (fewest, one) =>
        fewest === undefined || one.remaining < fewest.remaining ? one : fewest,
      undefined,
    );
  }

  private figure(name: string, value: string, hint = "") {
    return html`<div>
      <dt class="small soft">${name}</dt>
      <dd>${value}</dd>
      ${hint === "" ? nothing : html`<dd class="small soft">${hint}</dd>`}
    </div>`;
  }

  private notes(answer: BackfillAnswer) {
    const { backfill } = texts.health;
    const { waiting_until, waiting_for, next_daily_pass_at, error } = answer;
    const notes: string[] = [];
    if (error !== null) notes.push(backfill.error(error));
    if (waiting_until !== null) {
      const at = clockTime(Date.parse(waiting_until), browserZone());
      notes.push(
        waiting_for === "retry" ? backfill.waitsRetry(at) : backfill.waits(at),
      );
    }
    if (answer.is_queued) notes.push(backfill.queued);
    if (next_daily_pass_at !== null && !answer.is_running) {
      const at = instant(Date.parse(next_daily_pass_at), browserZone(), "both");
      notes.push(backfill.next(at));
    }
    return notes.map((note) => html`<p class="small soft">${note}</p>`);
  }

  private orders({ is_running, is_paused }: BackfillAnswer) {
    if (!is_running) return this.button("start", "primary");
    return html`${this.button(is_paused ? "resume" : "pause", "primary")}
    ${this.button("cancel", "")}`;
  }

  private button(order: Order, kind: string) {
    return html`<button
      class=${kind}
      ?disabled=${this.isBusy}
      @click=${() => this.give(order)}
    >
      ${texts.health.backfill[order]}
    </button>`;
  }

  private async give(order: Order): Promise<void> {
    this.isBusy = true;
    this.problem = undefined;
    try {
      this.backfill.value = await api.change<BackfillAnswer>(
        "POST",
        `api/backfill/${order}`,
      );
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = problemSentence(error);
    } finally {
      this.isBusy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "backfill-card": BackfillCard;
  }
}
