/** Bars of usage or cost: what is drawn above zero, what is fed in below. */

import { css, html, LitElement, svg } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { written } from "../../format/numbers";
import { energy, money } from "../../format/units";
import { shared } from "../../styles/shared";
import { texts } from "../../texts/texts";
import { reachOf, type UsageBar } from "./usage_bars";
import type { Measure } from "./usage_view";

const HEIGHT = 100;
/** Of its bar's place. */
const BAR_WIDTH = 0.72;
const MOST_LABELS = 8;

/** @fires bar-choice - A bar was chosen; `detail` is its position. */
@customElement("usage-chart")
export class UsageChart extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .bars {
        display: block;
        height: 15rem;
        width: 100%;
      }
      rect {
        stroke-width: 1;
        vector-effect: non-scaling-stroke;
      }
      .general {
        color: var(--amber);
        fill: var(--amber-area);
        stroke: var(--amber);
      }
      .controlledLoad {
        color: var(--kamo);
        fill: var(--kamo-area);
        stroke: var(--kamo);
      }
      .feedIn {
        color: var(--good);
        fill: var(--good);
        stroke: var(--good);
      }
      .estimated {
        fill-opacity: 0.3;
        stroke-dasharray: 3 2;
      }
      .place {
        fill: transparent;
        stroke: none;
      }
      .place.current,
      .place:hover {
        fill: var(--sunken);
      }
      .zero {
        stroke: var(--line-strong);
        stroke-width: 1;
        vector-effect: non-scaling-stroke;
      }
      .labels {
        color: var(--ink-soft);
        display: grid;
        font-size: var(--text-small);
        line-height: 1.2;
        margin-top: 0.25rem;
      }
      .scale {
        color: var(--ink-soft);
        display: flex;
        font-size: var(--text-small);
        justify-content: space-between;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        font-size: var(--text-small);
        gap: 0.15rem 1.1rem;
        margin-block: 0.35rem;
      }
      .legend li {
        align-items: center;
        display: flex;
        gap: 0.4rem;
      }
      .detail {
        min-height: 1.5em;
      }
    `,
  ];

  @property() heading = "";
  @property() summary = "";
  @property({ attribute: false }) bars: readonly UsageBar[] = [];
  /** What stands below each bar, and what it says when it is looked at. */
  @property({ attribute: false }) labels: readonly string[] = [];
  @property({ attribute: false }) details: readonly string[] = [];
  @property() measure: Measure = "energy";

  @state() private current = -1;
  @query(".labels") private labelled!: HTMLElement;

  private get labelEvery(): number {
    return Math.max(1, Math.ceil(this.labels.length / MOST_LABELS));
  }

  protected override updated(): void {
    const every = this.labelEvery;
    const { style, children } = this.labelled;
    style.gridTemplateColumns = `repeat(${this.labels.length}, minmax(0, 1fr))`;
    for (const [number, label] of [...children].entries()) {
      const column = `${number * every + 1} / span ${every}`;
      (label as HTMLElement).style.gridColumn = column;
    }
  }

  override render() {
    const types = [...new Set(this.bars.flatMap(({ channels }) => channels))].map(
      ({ type }) => type,
    );
    return html`<figure aria-label=${this.heading}>
      <h3>${this.heading}</h3>
      <p class="small soft">${this.summary}</p>
      <ul class="legend">
        ${[...new Set(types)].map(
          (type) => html`<li>
            <svg class=${type} width="14" height="12" aria-hidden="true">
              <rect x="1" y="1" width="12" height="10" /></svg
            >${texts.usage.channels[type] ?? type}
          </li>`,
        )}
        ${
          this.bars.some(({ state: one }) => one === "estimated")
            ? html`<li>
                <svg class="general" width="14" height="12" aria-hidden="true">
                  <rect class="estimated" x="1" y="1" width="12" height="10" /></svg
                >${texts.usage.states.estimated}
              </li>`
            : ""
        }
      </ul>
      <div
        role="application"
        aria-roledescription=${texts.chart.kind}
        tabindex="0"
        aria-label="${this.heading}. ${this.summary} ${texts.usage.keys}"
        @keydown=${this.key}
      >
        ${this.drawing()}
      </div>
      <div class="labels" aria-hidden="true">
        ${this.labels
          .filter((_label, at) => at % this.labelEvery === 0)
          .map((label) => html`<span>${label}</span>`)}
      </div>
      <p class="small detail" aria-live="polite">${this.details[this.current] ?? ""}</p>
    </figure>`;
  }

  private drawing() {
    const { bars, measure } = this;
    const ends = bars.map(({ channels }) => {
      const reaches = channels.map((one) => reachOf(one, measure));
      const sum = (side: (reach: number) => number) =>
        reaches.reduce((all, reach) => all + side(reach), 0);
      return [
        sum((reach) => Math.min(reach, 0)),
        sum((reach) => Math.max(reach, 0)),
      ] as const;
    });
    const low = Math.min(0, ...ends.map(([below]) => below));
    const high = Math.max(0, ...ends.map(([, above]) => above));
    const scale = HEIGHT / (high - low || 1);
    const zero = high * scale;
    return html`<p class="scale">${this.scaleLabel(high)}</p>
      <svg
      class="bars"
      aria-hidden="true"
      viewBox="0 0 ${Math.max(bars.length, 1)} ${HEIGHT}"
      preserveAspectRatio="none"
    >
      ${bars.map((bar, at) => this.bar(bar, at, zero, scale))}
      <line class="zero" x1="0" x2=${bars.length} y1=${zero} y2=${zero} />
    </svg>
    ${low < 0 ? html`<p class="scale">${this.scaleLabel(low)}</p>` : ""}`;
  }

  private scaleLabel(reach: number): string {
    return this.measure === "energy" ? written(energy(reach)) : money(reach);
  }

  private bar(bar: UsageBar, at: number, zero: number, scale: number) {
    let [above, below] = [zero, zero];
    const parts = bar.channels.map((channel) => {
      const length = reachOf(channel, this.measure) * scale;
      const y = length >= 0 ? above - length : below;
      if (length >= 0) above -= length;
      else below -= length;
      const kind = bar.state === "estimated" ? "estimated" : "";
      return svg`<rect class="${channel.type} ${kind}" x=${at + (1 - BAR_WIDTH) / 2}
        y=${y} width=${BAR_WIDTH} height=${Math.abs(length)} />`;
    });
    return svg`<g @click=${() => this.choose(at)} @pointerenter=${() => this.look(at)}>
      <rect class="place ${at === this.current ? "current" : ""}" x=${at} y="0"
        width="1" height=${HEIGHT} />
      ${parts}
    </g>`;
  }

  private readonly key = (event: KeyboardEvent) => {
    const last = this.bars.length - 1;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.look(this.current < 0 ? last : this.current - 1),
      ArrowRight: () => this.look(this.current + 1),
      Home: () => this.look(0),
      End: () => this.look(last),
      Enter: () => this.choose(this.current),
    };
    const act = acts[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };

  private look(at: number): void {
    this.current = Math.min(Math.max(at, 0), this.bars.length - 1);
  }

  private choose(at: number): void {
    if (at < 0) return;
    this.dispatchEvent(new CustomEvent<number>("bar-choice", { detail: at }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "usage-chart": UsageChart;
  }
}
