/** Shows an answer once it is there, and what is wrong with getting it. */

import { html, nothing, type TemplateResult } from "lit";
import type { Loaded } from "../api/loaded";
import type { ApiProblem } from "../api/problem";
import { clockTime, relative } from "../format/times";
import { texts } from "../texts/texts";
import { browserZone } from "../time/zones";
import "./notice_box";

/** Returns a problem as a sentence for the reader. */
export function problemSentence(problem: ApiProblem): string {
  if (problem.kind === "unreachable") return texts.problems.unreachable;
  if (problem.kind === "signed_out") return texts.problems.signed_out;
  return texts.problems[problem.kind](problem.message.replace(/\.$/, ""));
}

/**
 * Returns the content for what is loaded: busy before the first answer, the problem
 * without one, and a notice above an answer that could not be renewed.
 */
export function whenLoaded<T>(
  loaded: Loaded<T>,
  content: (value: T) => unknown,
): TemplateResult {
  const { value, problem, loadedAt, nextTryAt } = loaded;
  if (problem === undefined) {
    return value === undefined
      ? html`<p class="soft" role="status">${texts.problems.busyNow}</p>`
      : html`${content(value)}`;
  }
  const next = nextTryAt && texts.problems.nextTry(clockTime(nextTryAt, browserZone()));
  const stale = loadedAt && texts.problems.stale(relative(loadedAt, Date.now()));
  return html`
    <notice-box kind=${problem.kind === "refused" ? "bad" : "warn"}>
      ${problemSentence(problem)} ${value === undefined ? nothing : stale} ${next}
      <button slot="action" @click=${loaded.reload}>${texts.problems.retry}</button>
    </notice-box>
    ${value === undefined ? nothing : content(value)}
  `;
}
