/** The log of runs: what each brought, and what failed. */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { api, type Page } from "../../api/client";
import { Loaded } from "../../api/loaded";
import { count, decimal, UNKNOWN } from "../../format/numbers";
import { instant, zoneLabel } from "../../format/times";
import { whenLoaded } from "../../parts/answer_state";
import "../../parts/page_steps";
import "../../parts/panel_card";
import { ViewController } from "../../routing/view";
import { shared } from "../../styles/shared";
import type { Column } from "../../table/columns";
import "../../table/data_table";
import { texts } from "../../texts/texts";
import { browserZone } from "../../time/zones";

const PAGE = 15;
/** How many failures a row names before it only counts them. */
const TOLD_FAILURES = 3;

interface LoggedRunAnswer {
  readonly id: number;
  readonly source: string;
  readonly trigger: string;
  readonly status: string;
  readonly started_at: string;
  readonly duration_seconds: number | null;
  readonly series_total: number;
  readonly series_failed: number;
  readonly requests: number;
  readonly counts: Readonly<
    Record<string, { readonly new: number; readonly changed: number }>
  >;
  readonly failures: readonly {
    readonly subject: string;
    readonly message: string;
  }[];
}

interface RunsAnswer {
  readonly runs: readonly LoggedRunAnswer[];
}

/** Returns how many records a run brought that were new or other than before. */
function brought({ counts }: LoggedRunAnswer): number {
  return Object.values(counts).reduce((sum, one) => sum + one.new + one.changed, 0);
}

const MARKS: Readonly<Record<string, string>> = {
  running: "…",
  success: "✓",
  partial: "◐",
  failed: "✕",
  interrupted: "∅",
};

@customElement("runs-card")
export class RunsCard extends LitElement {
  static override styles = [
    shared,
    css`
      .row {
        margin-block: 0.25rem;
      }
    `,
  ];

  private readonly view = new ViewController(this);
  private readonly runs = new Loaded<Page<RunsAnswer>>(this, {
    about: () => {
      const { source, outcome, runs } = this.view.view;
      return JSON.stringify([source, outcome, runs]);
    },
    ask: (signal) => {
      const { source, outcome, runs } = this.view.view;
      const query = { source, status: outcome, limit: PAGE, cursor: runs };
      return api.page("api/runs", query, signal);
    },
    after: ["run_finished"],
  });

  override render() {
    const { runs } = texts.health;
    const { source, outcome } = this.view.view;
    return html`<panel-card heading=${runs.heading}>
      <span slot="aside" class="small soft">
        ${runs.times(zoneLabel(browserZone()))}
      </span>
      <div class="row">
        ${this.choice(runs.source, "source", texts.shell.sources, source)}
        ${this.choice(runs.status, "outcome", runs.statuses, outcome)}
      </div>
      ${whenLoaded(this.runs, (page) => this.table(page))}
    </panel-card>`;
  }

  private choice(
    label: string,
    key: string,
    options: Readonly<Record<string, string>>,
    chosen: string | undefined,
  ) {
    return html`<label class="row small">
      ${label}
      <select
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          this.view.change({ [key]: value, runs: null });
        }}
      >
        <option value="">${texts.health.runs.all}</option>
        ${Object.entries(options).map(
          ([value, name]) =>
            html`<option value=${value} ?selected=${value === chosen}>${name}</option>`,
        )}
      </select>
    </label>`;
  }

  private table({ answer, next }: Page<RunsAnswer>) {
    const cursor = this.view.view.runs ?? null;
    if (answer.runs.length === 0) return html`<p>${texts.health.runs.none}</p>`;
    return html`<data-table
        label=${texts.health.runs.label}
        .columns=${this.columns()}
        .rows=${answer.runs}
      ></data-table>
      <page-steps
        .isFirst=${cursor === null}
        .isLast=${next === null}
        @first=${() => this.view.change({ runs: null })}
        @next=${() => this.view.change({ runs: next })}
      ></page-steps>`;
  }

  private columns(): readonly Column<LoggedRunAnswer>[] {
    const { runs } = texts.health;
    return [
      {
        key: "started",
        label: runs.started,
        show: ({ started_at }) =>
          instant(Date.parse(started_at), browserZone(), "both"),
      },
      {
        key: "source",
        label: runs.source,
        show: ({ source }) => texts.shell.sources[source] ?? source,
      },
      {
        key: "status",
        label: runs.status,
        isUnbroken: true,
        show: ({ status }) =>
          `${MARKS[status] ?? ""} ${runs.statuses[status] ?? status}`,
      },
      {
        key: "new",
        label: runs.new,
        isNumber: true,
        show: (run) => count(brought(run)),
      },
      {
        key: "series",
        label: runs.series,
        isNumber: true,
        show: ({ series_total, series_failed }) =>
          runs.of(count(series_total - series_failed), count(series_total)),
      },
      {
        key: "requests",
        label: runs.requests,
        isNumber: true,
        show: ({ requests }) => count(requests),
      },
      {
        key: "took",
        label: runs.took,
        isNumber: true,
        show: ({ duration_seconds }) =>
          duration_seconds === null
            ? UNKNOWN
            : runs.seconds(decimal(duration_seconds, 1)),
      },
      {
        key: "trigger",
        label: runs.trigger,
        show: ({ trigger }) => runs.triggers[trigger] ?? trigger,
      },
      { key: "failures", label: runs.failures, show: (run) => this.failures(run) },
    ];
  }

  private failures({ failures }: LoggedRunAnswer) {
    const { runs } = texts.health;
    if (failures.length === 0) return UNKNOWN;
    const more = failures.length - TOLD_FAILURES;
    return html`${failures
      .slice(0, TOLD_FAILURES)
      .map(
        ({ subject, message }) =>
          html`<p class="small">${runs.failure(subject, message)}</p>`,
      )}
    ${more > 0 ? html`<p class="small soft">${runs.more(count(more))}</p>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "runs-card": RunsCard;
  }
}
