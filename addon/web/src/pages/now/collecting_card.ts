/** Whether everything is being collected, and what wants a look. */

import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type BackfillAnswer, loadedBackfill } from "../../api/backfill";
import { SessionController } from "../../api/session";
import type { SourceAnswer, StatusAnswer } from "../../api/status";
import { count, decimal, percent } from "../../format/numbers";
import { clockTime, duration } from "../../format/times";
import { icon } from "../../parts/icon";
import "../../parts/level_meter";
import "../../parts/notice_box";
import "../../parts/panel_card";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { browserZone } from "../../time/zones";

const at = (iso: string) => clockTime(Date.parse(iso), browserZone());

function interval(minutes: number, next: string | null): string {
  const every = duration(minutes);
  return next === null
    ? texts.now.collecting.every(every)
    : texts.now.collecting.next(every, at(next));
}

@customElement("collecting-card")
export class CollectingCard extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      ul {
        display: grid;
        gap: 0.75rem 2rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
      }
      li {
        align-items: start;
        display: grid;
        gap: 0.1rem 0.6rem;
        grid-template-columns: auto minmax(0, 1fr);
      }
      li > svg {
        color: var(--good);
        margin-top: 0.1rem;
      }
      li.wrong > svg {
        color: var(--warn);
      }
      li p {
        grid-column: 2;
        overflow-wrap: anywhere;
      }
      level-meter {
        --meter-colour: var(--amber-area);
        grid-column: 2;
        margin-block: 0.3rem;
      }
    `,
  ];

  @property({ attribute: false }) status!: StatusAnswer;
  private readonly session = new SessionController(this);
  private readonly backfill = loadedBackfill(
    this,
    () => this.session.isSignedIn === true,
  );

  override render() {
    const { status } = this;
    const { storage } = status;
    const isFine =
      storage.is_working &&
      Object.values(status.sources).every(({ problems }) => problems.length === 0);
    return html`<panel-card heading=${texts.now.collecting.heading}>
      <span slot="aside" class="small soft">
        ${isFine ? texts.now.collecting.fine : texts.now.collecting.look}
      </span>
      ${
        storage.is_working
          ? nothing
          : html`<notice-box kind="bad">
              ${texts.now.collecting.storage(
                storage.problem ?? "",
                storage.failing_since ? at(storage.failing_since) : "",
              )}
            </notice-box>`
      }
      <ul>
        ${Object.entries(status.sources).map(([name, source]) => this.source(name, source))}
        ${this.history()}
        <li>
          ${icon("tables")}
          <strong>${this.runs()}</strong>
          <p class="small soft">${this.stored()}</p>
        </li>
      </ul>
    </panel-card>`;
  }

  private source(name: string, source: SourceAnswer) {
    const { problems, refused_since, is_running, next_tick_at } = source;
    const isWrong = problems.length > 0 || refused_since !== null;
    const text = is_running
      ? texts.now.collecting.running
      : interval(source.interval_minutes, next_tick_at);
    return html`<li class=${isWrong ? "wrong" : ""}>
      ${icon(isWrong ? "warn" : "good")}
      <strong>${texts.shell.sources[name] ?? name}</strong>
      <p class="small soft">${text}</p>
      ${
        refused_since === null
          ? nothing
          : html`<p class="small">${texts.now.collecting.refused(at(refused_since))}</p>`
      }
      ${problems.map(
        ({ message, since }) =>
          html`<p class="small">${texts.now.collecting.since(message, at(since))}</p>`,
      )}
    </li>`;
  }

  private history() {
    const { value } = this.backfill;
    if (value === undefined || !value.is_running || value.percent === null)
      return nothing;
    const share = value.percent / 100;
    return html`<li>
      ${icon("earlier")}
      <strong>${texts.now.collecting.backfill}</strong>
      <level-meter
        label=${texts.now.collecting.backfill}
        text=${percent(share)}
        .share=${share}
      ></level-meter>
      <p class="small soft">${this.progress(value, share)}</p>
    </li>`;
  }

  private progress(
    { waiting_until, time_left_seconds }: BackfillAnswer,
    share: number,
  ) {
    const done = texts.now.collecting.backfillDone(percent(share));
    if (waiting_until !== null) {
      return `${done}; ${texts.now.collecting.backfillWaits(at(waiting_until))}`;
    }
    if (time_left_seconds === null) return done;
    const left = duration(Math.max(1, time_left_seconds / 60));
    return `${done}; ${texts.now.collecting.backfillLeft(left)}`;
  }

  private runs(): string {
    const { imports_last_24h, outcomes_24h } = this.status;
    const incomplete = Object.entries(outcomes_24h)
      .filter(([outcome]) => outcome !== "success")
      .reduce((sum, [, runs]) => sum + runs, 0);
    const text = texts.now.collecting.runs(count(imports_last_24h));
    return incomplete === 0
      ? `${text}, ${texts.now.collecting.allComplete}`
      : `${text}, ${texts.now.collecting.outcomes(count(incomplete))}`;
  }

  private stored(): string {
    const stats = this.status.database_stats;
    const records =
      stats.total_load_records +
      stats.total_substation_records +
      stats.total_price_records +
      stats.total_usage_records;
    const size = `${decimal(stats.database_size_mb, 1)}\u00a0MiB`;
    return texts.now.collecting.stored(count(records), size);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "collecting-card": CollectingCard;
  }
}
