/** The one large figure of a card, with its unit. */

import { css, html } from "lit";
import type { Quantity } from "../../format/numbers";

export const heroStyle = css`
  .hero {
    align-items: baseline;
    column-gap: 0.5rem;
    display: flex;
    flex-wrap: wrap;
  }
  .hero .figure {
    font-size: var(--text-hero);
    font-weight: 350;
    letter-spacing: -0.03em;
    line-height: 1.05;
  }
  .hero .unit {
    color: var(--ink-soft);
    font-size: 1.125rem;
    font-weight: 500;
  }
`;

/** Shows a quantity as large as fits. */
export function hero({ value, unit }: Quantity) {
  return html`<span class="figure">${value}</span> <span class="unit">${unit}</span>`;
}
