/** A row of small figures under a large one. */

import { css, html } from "lit";

/** What a figure is, and what it says. */
export type Figure = readonly [label: string, value: unknown];

export const figuresStyle = css`
  .figures {
    display: grid;
    gap: 0.6rem;
    grid-template-columns: repeat(auto-fit, minmax(5rem, 1fr));
    margin-top: 0.75rem;
  }
  .caption {
    border-top: 1px solid var(--line);
    margin-top: 1rem;
    padding-top: 0.75rem;
  }
  .caption + .figures {
    margin-top: 0.25rem;
  }
  .figures dt {
    color: var(--ink-soft);
    font-size: var(--text-small);
  }
  .figures dd {
    font-weight: 550;
    white-space: nowrap;
  }
`;

/** Shows figures. */
export function figures(of: readonly Figure[]) {
  return html`<dl class="figures">
    ${of.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
