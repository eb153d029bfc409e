/** Line drawings of 24 units; decoration only, words stand beside them. */

import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

const PATHS = {
  now: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2"/>`,
  prices: svg`<path d="M3 17h4v-5h4v-6h4v9h6"/>`,
  usage: svg`<path d="M4 20V11M9.3 20V5M14.6 20v-7M20 20V8"/>`,
  inspector: svg`<path d="M3 13h4l2.5-7 4 13 2.5-6h5"/>`,
  peaks: svg`<path d="M3 19l6-11 4 6 2.5-4L21 19z"/><path d="M5 4h14"/>`,
  health: svg`<path d="M4 5h4v4H4zM10 5h4v4h-4zM16 5h4v4h-4zM4 11h4v4H4zM10 11h4v4h-4z"/><path d="M16 17.5l1.7 1.7L21 15.8"/>`,
  tables: svg`<path d="M4 5h16v14H4zM4 10h16M10 5v14"/>`,
  backups: svg`<path d="M4 8h16v11H4zM6 5h12v3H6zM10 12h4"/>`,
  settings: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9M13 5v4M7 15v4"/>`,
  more: svg`<path d="M5 12h.01M12 12h.01M19 12h.01"/>`,
  theme: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17a8.5 8.5 0 0 0 0-17z" fill="currentColor"/>`,
  leave: svg`<path d="M14 4h5v16h-5M3 12h11M10 8l4 4-4 4"/>`,
  enter: svg`<path d="M10 4H5v16h5M9 12h11M16 8l4 4-4 4"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  minus: svg`<path d="M5 12h14"/>`,
  earlier: svg`<path d="M14.5 6l-6 6 6 6"/>`,
  later: svg`<path d="M9.5 6l6 6-6 6"/>`,
  reset: svg`<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>`,
  download: svg`<path d="M12 4v11M7.5 10.5L12 15l4.5-4.5M5 20h14"/>`,
  table: svg`<path d="M4 6h16M4 12h16M4 18h16"/>`,
  good: svg`<path d="M5 12.5l4.5 4.5L19 7"/>`,
  warn: svg`<path d="M12 4l9 16H3zM12 10v4.5M12 17.5v.01"/>`,
  up: svg`<path d="M6 15l6-6 6 6"/>`,
  down: svg`<path d="M6 9l6 6 6-6"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof PATHS;

/** Draws an icon as large as `size` pixels. */
export function icon(name: IconName, size = 20): TemplateResult {
  return html`<svg
    aria-hidden="true"
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${PATHS[name]}
  </svg>`;
}
