/** Days that are over and not complete: cause, and whether they can be repaired. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, type Page } from "../../api/client";
import {
  DAY_STATES,
  type GapAnswer,
  type GapsAnswer,
  KINDS,
  type RepairedAnswer,
} from "../../api/ledger";
import { Loaded } from "../../api/loaded";
import { ApiProblem } from "../../api/problem";
import { count } from "../../format/numbers";
import { duration } from "../../format/times";
import { problemSentence, whenLoaded } from "../../parts/answer_state";
import "../../parts/notice_box";
import "../../parts/page_steps";
import "../../parts/panel_card";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import type { Column } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { dateText } from "./day_calendar";
import { fullName, MARKS, type OwnerNames } from "./names";

const PAGE = 15;

@customElement("gaps-card")
export class GapsCard extends LitElement {
  static override styles = [
    shared,
    css`
      .row {
        margin-block: 0.5rem;
      }
      .row > button {
        margin-inline-start: auto;
      }
    `,
  ];

  @property({ attribute: false }) names: OwnerNames = new Map();
  @state() private isBusy = false;
  @state() private notice: { kind: "good" | "bad"; sentence: string } | undefined;
  private readonly view = new ViewController(this);
  private readonly gaps = new Loaded<Page<GapsAnswer>>(this, {
    about: () => {
      const { kind, state, gaps } = this.view.view;
      return JSON.stringify([kind, state, gaps]);
    },
    ask: (signal) => {
      const { state, gaps } = this.view.view;
      const query = { kind: this.kind, state, limit: PAGE, cursor: gaps };
      return api.page("api/gaps", query, signal);
    },
    after: ["run_finished", "backfill_progress"],
  });

  /** The kind that the page shows; undefined for all. */
  private get kind(): string | undefined {
    return KINDS.find((kind) => kind === this.view.view.kind);
  }

  override render() {
    const { gaps, states } = texts.health;
    return html`<panel-card heading=${gaps.heading}>
      <span slot="aside" class="small soft"
        >${this.kind === undefined ? nothing : texts.health.kinds[this.kind]}</span
      >
      <p class="small soft">${gaps.what}</p>
      <div class="row">
        <label class="row small">
          ${gaps.state}
          <select @change=${this.chooseState}>
            <option value="">${gaps.all}</option>
            ${DAY_STATES.filter((one) => one !== "complete").map(
              (one) =>
                html`<option value=${one} ?selected=${one === this.view.view.state}>
                  ${states[one]}
                </option>`,
            )}
          </select>
        </label>
        <button ?disabled=${this.isBusy} @click=${this.repair}>
          ${this.isBusy ? gaps.repairing : gaps.repairAll}
        </button>
      </div>
      ${
        this.notice === undefined
          ? nothing
          : html`<notice-box kind=${this.notice.kind}>${this.notice.sentence}</notice-box>`
      }
      ${whenLoaded(this.gaps, (page) => this.table(page))}
    </panel-card>`;
  }

  private table({ answer, next }: Page<GapsAnswer>) {
    const cursor = this.view.view.gaps ?? null;
    if (answer.gaps.length === 0 && cursor === null) {
      return html`<p>${texts.health.gaps.none}</p>`;
    }
    return html`<data-table
        label=${texts.health.gaps.label}
        .columns=${this.columns()}
        .rows=${answer.gaps}
      ></data-table>
      <page-steps
        .isFirst=${cursor === null}
        .isLast=${next === null}
        @first=${() => this.view.change({ gaps: null })}
        @next=${() => this.view.change({ gaps: next })}
      ></page-steps>`;
  }

  private columns(): readonly Column<GapAnswer>[] {
    const { gaps, states } = texts.health;
    return [
      {
        key: "day",
        label: gaps.day,
        isUnbroken: true,
        show: ({ day }) => dateText(day),
      },
      { key: "series", label: gaps.series, show: (gap) => fullName(gap, this.names) },
      {
        key: "state",
        label: gaps.state,
        isUnbroken: true,
        show: ({ state }) => `${MARKS[state]} ${states[state]}`,
      },
      {
        key: "missing",
        label: gaps.missing,
        isNumber: true,
        show: ({ missing_minutes }) => duration(missing_minutes),
      },
      { key: "cause", label: gaps.cause, show: ({ cause }) => cause ?? gaps.unknown },
      {
        key: "repair",
        label: gaps.repair,
        show: ({ is_marked, can_be_repaired, why_not }) => {
          if (is_marked) return gaps.marked;
          return can_be_repaired ? gaps.can : gaps.cannot(why_not ?? gaps.unknown);
        },
      },
    ];
  }

  private readonly chooseState = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    this.view.change({ state: value, gaps: null });
  };

  private readonly repair = async () => {
    this.isBusy = true;
    this.notice = undefined;
    try {
      const body = this.kind === undefined ? {} : { kind: this.kind };
      const answer = await api.change<RepairedAnswer>("POST", "api/gaps/repair", body);
      this.notice = { kind: "good", sentence: this.repaired(answer) };
      this.gaps.reload();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.notice = { kind: "bad", sentence: problemSentence(error) };
    } finally {
      this.isBusy = false;
    }
  };

  private repaired({ backfill, marked, not_repairable }: RepairedAnswer): string {
    const { gaps } = texts.health;
    const done = {
      started: gaps.started(count(marked)),
      queued: gaps.queued(count(marked)),
      not_needed: gaps.notNeeded,
      not_set_up: gaps.notSetUp,
    }[backfill];
    const left = not_repairable.map(({ why_not, days }) =>
      gaps.left(count(days), why_not),
    );
    return [done, ...left].join(" ");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "gaps-card": GapsCard;
  }
}
