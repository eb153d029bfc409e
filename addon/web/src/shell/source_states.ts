/** One sign for each source: collected, collecting, or what is wrong. */

import { css, html, LitElement, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { loadedStatus, type SourceAnswer } from "../api/status";
import { clockTime } from "../format/times";
import { icon } from "../parts/icon";
import { shared } from "../styles/shared";
import { texts } from "../texts/texts";
import { browserZone } from "../time/zones";

@customElement("source-states")
export class SourceStates extends LitElement {
  static override styles = [
    shared,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0.4rem;
      }
      li {
        align-items: center;
        background: var(--good-area);
        border-radius: 1rem;
        display: flex;
        font-size: var(--text-small);
        font-weight: 600;
        gap: 0.3rem;
        padding: 0.2rem 0.7rem 0.2rem 0.5rem;
      }
      li svg {
        color: var(--good);
      }
      li.wrong {
        background: var(--warn-area);
      }
      li.wrong svg {
        color: var(--warn);
      }
    `,
  ];

  private readonly status = loadedStatus(this);

  override render() {
    const { value, problem } = this.status;
    if (value === undefined || problem !== undefined) return nothing;
    return html`<ul>
      ${Object.entries(value.sources).map(([name, source]) => this.sign(name, source))}
    </ul>`;
  }

  private sign(name: string, source: SourceAnswer) {
    const title = texts.shell.sources[name] ?? name;
    const [wrong] = source.problems;
    return html`<li
      class=${wrong === undefined ? "" : "wrong"}
      title=${this.label(title, source)}
    >
      ${icon(wrong === undefined ? "good" : "warn", 16)} ${title}
      <span class="unseen">${this.label(title, source)}</span>
    </li>`;
  }

  private label(title: string, source: SourceAnswer): string {
    const [wrong] = source.problems;
    if (wrong !== undefined) return texts.shell.source.wrong(title, wrong.message);
    if (source.is_running) return texts.shell.source.running(title);
    const next = source.next_tick_at;
    if (next === null) return title;
    return texts.shell.source.fine(title, clockTime(Date.parse(next), browserZone()));
  }
}
