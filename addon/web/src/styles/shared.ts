/** Rules that every component takes: type, controls, focus. */

import { css } from "lit";

export const shared = css`
  :host {
    box-sizing: border-box;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1 {
    font-size: 1.375rem;
    font-weight: 650;
    letter-spacing: -0.015em;
    line-height: 1.2;
  }
  h2 {
    font-size: 1rem;
    font-weight: 650;
    letter-spacing: -0.005em;
    line-height: 1.3;
  }
  h3 {
    font-size: var(--text);
    font-weight: 600;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.18em;
  }
  button,
  .button {
    align-items: center;
    background: var(--card);
    border: 1px solid var(--line-strong);
    border-radius: var(--round-small);
    color: var(--ink);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 550;
    gap: 0.4rem;
    justify-content: center;
    min-height: var(--target);
    min-width: var(--target);
    padding: 0.25rem 0.9rem;
    text-decoration: none;
    transition: background var(--quick);
  }
  button:hover,
  .button:hover {
    background: var(--sunken);
  }
  button[aria-pressed="true"],
  button.primary,
  .button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }
  button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  button.plain {
    background: none;
    border-color: transparent;
    color: var(--accent);
  }
  button.plain:hover {
    background: var(--sunken);
  }
  input,
  select {
    background: var(--card);
    border: 1px solid var(--line-strong);
    border-radius: var(--round-small);
    color: var(--ink);
    font: inherit;
    max-width: 100%;
    min-height: var(--target);
    padding: 0.25rem 0.7rem;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .soft {
    color: var(--ink-soft);
  }
  .small {
    font-size: var(--text-small);
  }
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  .unseen {
    clip-path: inset(50%);
    height: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
    width: 1px;
  }
`;
