/** How a line of a chart looks, for its legend. */

import { html, svg } from "lit";
import type { Line } from "./data";

const DASHES: Record<Line["dash"], string> = {
  solid: "",
  dashed: "6 4",
  dotted: "2 3",
  "dash-dotted": "8 3 2 3",
  "long-dashed": "10 2",
};

/** Draws a piece of a line, or a bar. */
export function lineSample({ shape, dash, colour }: Line) {
  const drawn =
    shape === "bars"
      ? svg`<rect x="6" y="2" width="12" height="9" rx="1" fill="currentColor"
          fill-opacity=${dash === "solid" ? 0.75 : 0.25} stroke="currentColor"/>`
      : svg`<path d="M1 7h22" stroke="currentColor" stroke-width="2.2"
          stroke-dasharray=${DASHES[dash]}/>`;
  return html`<svg class="sample-${colour}" width="24" height="13" aria-hidden="true">
    ${drawn}
  </svg>`;
}
