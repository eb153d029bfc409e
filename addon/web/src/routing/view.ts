/** The route in force, for components that show it and those that change it. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import {
  changedView,
  formatRoute,
  parseRoute,
  type Route,
  type ViewChanges,
} from "./route";

const CHANGED = "hashchange";

/** Returns the route that the address bar names. */
export function currentRoute(): Route {
  return parseRoute(location.hash);
}

/** Returns the full address of a route, wherever the pages are served. */
export function addressOf(page: string, view: Record<string, string> = {}): string {
  return new URL(formatRoute({ page, view }), document.baseURI).href;
}

/** Goes to a page; the way back leads here. */
export function goTo(page: string, view: Record<string, string> = {}): void {
  location.assign(addressOf(page, view));
}

/** Tells a component which route is in force, and lets it change what it shows. */
export class ViewController implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  /** What the page shows, as its address says. */
  get view(): Readonly<Record<string, string>> {
    return currentRoute().view;
  }

  /** Which page. */
  get page(): string {
    return currentRoute().page;
  }

  /**
   * Changes what the page shows.
   *
   * @param changes - Keys of the address; null takes one away.
   * @param replace - Whether the way back leaves this step out, as for every step of a
   * zoom.
   */
  change(changes: ViewChanges, replace = false): void {
    const { page, view } = currentRoute();
    const address = addressOf(page, changedView(view, changes));
    if (replace) {
      history.replaceState(null, "", address);
      window.dispatchEvent(new HashChangeEvent(CHANGED));
    } else {
      location.assign(address);
    }
  }

  hostConnected(): void {
    window.addEventListener(CHANGED, this.update);
  }

  hostDisconnected(): void {
    window.removeEventListener(CHANGED, this.update);
  }

  private readonly update = () => this.host.requestUpdate();
}
