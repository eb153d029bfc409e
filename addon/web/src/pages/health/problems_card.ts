/** What is wrong at present, and collecting at once. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import type { SourceAnswer, StatusAnswer } from "../../api/status";
import { count, percent } from "../../format/numbers";
import { clockTime, instant } from "../../format/times";
import { problemSentence } from "../../parts/answer_state";
import { icon } from "../../parts/icon";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { browserZone } from "../../time/zones";

/** What a run that was asked for brought. */
interface TriggeredAnswer {
  readonly success: boolean;
  readonly load_imported: number;
  readonly substations_imported: number;
  readonly prices_imported: number;
  readonly usage_imported: number;
  readonly error: string | null;
}

interface Notice {
  readonly kind: "good" | "warn" | "bad";
  readonly sentence: string;
}

@customElement("problems-card")
export class ProblemsCard extends LitElement {
  static override styles = [
    shared,
    css`
      .state {
        display: flex;
        gap: 0.5rem;
      }
      .state svg {
        color: var(--good);
        flex: none;
        margin-top: 0.1rem;
      }
      .state.wrong svg {
        color: var(--warn);
      }
      li {
        align-items: center;
        border-top: 1px solid var(--line);
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem 1rem;
        justify-content: space-between;
        padding-block: 0.6rem;
      }
      ul {
        margin-top: 0.75rem;
      }
      li > div {
        flex: 1 1 16rem;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      li .problem {
        color: var(--warn);
        font-weight: 550;
      }
    `,
  ];

  @property({ attribute: false }) status!: StatusAnswer;
  @state() private collecting: string | undefined;
  @state() private notice: Notice | undefined;

  override render() {
    const { problems } = texts.health;
    const { status, sources, storage } = this.status;
    const isFine = status === "healthy" && storage.is_working;
    return html`<panel-card heading=${problems.heading}>
      <p class="state ${isFine ? "" : "wrong"}">
        ${icon(isFine ? "good" : "warn")}
        <span><strong>${problems.words[status] ?? status}</strong> ${this.rate()}</span>
      </p>
      ${
        storage.is_working
          ? nothing
          : html`<notice-box kind="bad">
              ${problems.storage(
                storage.problem ?? "",
                storage.failing_since ? this.at(storage.failing_since) : "",
              )}
            </notice-box>`
      }
      <ul>
        ${Object.entries(sources).map(([name, source]) => this.source(name, source))}
      </ul>
      ${Object.keys(sources).length === 0 ? html`<p>${problems.nothing}</p>` : nothing}
      ${
        this.notice === undefined
          ? nothing
          : html`<notice-box kind=${this.notice.kind}>${this.notice.sentence}</notice-box>`
      }
    </panel-card>`;
  }

  private rate(): string {
    const { success_rate_24h, imports_last_24h } = this.status;
    const { problems } = texts.health;
    if (success_rate_24h === null) return problems.none;
    return problems.rate(percent(success_rate_24h / 100), count(imports_last_24h));
  }

  private source(name: string, source: SourceAnswer) {
    const { problems } = texts.health;
    const title = texts.shell.sources[name] ?? name;
    const { collecting } = texts.now;
    return html`<li>
      <div>
        <strong>${title}</strong>
        ${source.problems.map(
          ({ message, since }) =>
            html`<p class="small problem">
              ${collecting.since(message, this.at(since))}
            </p>`,
        )}
        ${
          source.refused_since === null
            ? nothing
            : html`<p class="small problem">
                ${collecting.refused(this.at(source.refused_since))}
              </p>`
        }
        ${
          source.problems.length > 0
            ? nothing
            : html`<p class="small soft">${problems.fine} ${this.next(source)}</p>`
        }
      </div>
      <button
        ?disabled=${this.collecting !== undefined || source.is_running}
        @click=${() => this.collect(name, title)}
      >
        ${
          this.collecting === name || source.is_running
            ? problems.collecting
            : problems.collect(title)
        }
      </button>
    </li>`;
  }

  private next({ interval_minutes, next_tick_at }: SourceAnswer): string {
    const at =
      next_tick_at === null ? "" : clockTime(Date.parse(next_tick_at), browserZone());
    return texts.health.problems.every(count(interval_minutes), at);
  }

  private at(iso: string): string {
    return instant(Date.parse(iso), browserZone(), "both");
  }

  private async collect(source: string, title: string): Promise<void> {
    const { problems } = texts.health;
    this.collecting = source;
    this.notice = undefined;
    try {
      const brought = await api.change<TriggeredAnswer>(
        "POST",
        "api/import/trigger",
        undefined,
        { source },
      );
      const values =
        brought.load_imported +
        brought.substations_imported +
        brought.prices_imported +
        brought.usage_imported;
      this.notice = brought.success
        ? { kind: "good", sentence: problems.collected(title, count(values)) }
        : { kind: "warn", sentence: problems.failed(title, brought.error ?? "") };
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.notice = { kind: "bad", sentence: problemSentence(error) };
    } finally {
      this.collecting = undefined;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "problems-card": ProblemsCard;
  }
}
