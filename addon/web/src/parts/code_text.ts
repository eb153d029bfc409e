/** Text of the server in which backticks mark what is typed as it stands. */

import { html, type TemplateResult } from "lit";

/** Returns the text with its marked parts as code. */
export function codeText(text: string): TemplateResult {
  const parts = text.split("`");
  return html`${parts.map((part, at) =>
    at % 2 === 1 && at < parts.length - 1 ? html`<code>${part}</code>` : part,
  )}`;
}
