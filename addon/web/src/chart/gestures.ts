/** Zooming and moving by wheel and touch; a mouse that drags chooses a span by uPlot. */

import type { Span } from "./data";
import { moved, zoomed } from "./view_span";

/** What gestures look at and change. */
export interface Gestured {
  readonly span: () => Span;
  readonly limits: () => Span;
  readonly change: (span: Span) => void;
}

/** Lets an element, as wide as the span, be zoomed and moved; up and down scroll on. */
export function listenForGestures(over: HTMLElement, chart: Gestured): void {
  const at = (clientX: number): number => {
    const { left, width } = over.getBoundingClientRect();
    const { from, to } = chart.span();
    return from + ((clientX - left) / width) * (to - from);
  };
  over.addEventListener(
    "wheel",
    (event) => {
      const isZoom = event.ctrlKey || event.metaKey;
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (isZoom) {
        const factor = Math.exp(event.deltaY * 0.004);
        chart.change(zoomed(chart.span(), chart.limits(), factor, at(event.clientX)));
      } else if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) {
        const share = sideways / over.clientWidth;
        chart.change(moved(chart.span(), chart.limits(), share));
      } else return;
      event.preventDefault();
    },
    { passive: false },
  );

  const fingers = new Map<number, number>();
  over.style.touchAction = "pan-y";
  over.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") fingers.set(event.pointerId, event.clientX);
  });
  over.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) {
      const share = (before - event.clientX) / over.clientWidth;
      chart.change(moved(chart.span(), chart.limits(), share));
    } else {
      const apart = Math.max(1, Math.abs(event.clientX - other));
      const factor = Math.max(1, Math.abs(before - other)) / apart;
      const middle = at((event.clientX + other) / 2);
      chart.change(zoomed(chart.span(), chart.limits(), factor, middle));
    }
    fingers.set(event.pointerId, event.clientX);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"] as const) {
    over.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
}
