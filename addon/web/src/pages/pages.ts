/** Every page: one entry each, in the order of the navigation. */

import type { IconName } from "../parts/icon";
import { texts } from "../texts/texts";

/** A page; its module defines the element, and comes when somebody goes there. */
export interface Page {
  /** Behind the number sign of the address. */
  readonly name: string;
  readonly title: string;
  readonly icon: IconName;
  readonly element: string;
  readonly load: () => Promise<unknown>;
  /** Whether it shows nothing at all without the key. */
  readonly needsKey: boolean;
}

export const PAGES: readonly Page[] = [
  {
    name: "now",
    title: texts.pages.now,
    icon: "now",
    element: "now-page",
    load: () => import("./now/now_page"),
    needsKey: false,
  },
  {
    name: "prices",
    title: texts.pages.prices,
    icon: "prices",
    element: "prices-page",
    load: () => import("./prices/prices_page"),
    needsKey: true,
  },
  {
    name: "usage",
    title: texts.pages.usage,
    icon: "usage",
    element: "usage-page",
    load: () => import("./usage/usage_page"),
    needsKey: true,
  },
  {
    name: "inspector",
    title: texts.pages.inspector,
    icon: "inspector",
    element: "inspector-page",
    load: () => import("./inspector/inspector_page"),
    needsKey: false,
  },
  {
    name: "peaks",
    title: texts.pages.peaks,
    icon: "peaks",
    element: "peaks-page",
    load: () => import("./peaks/peaks_page"),
    needsKey: false,
  },
  {
    name: "health",
    title: texts.pages.health,
    icon: "health",
    element: "health-page",
    load: () => import("./health/health_page"),
    needsKey: true,
  },
  {
    name: "tables",
    title: texts.pages.tables,
    icon: "tables",
    element: "tables-page",
    load: () => import("./tables/tables_page"),
    needsKey: true,
  },
  {
    name: "backups",
    title: texts.pages.backups,
    icon: "backups",
    element: "backups-page",
    load: () => import("./backups/backups_page"),
    needsKey: true,
  },
  {
    name: "settings",
    title: texts.pages.settings,
    icon: "settings",
    element: "settings-page",
    load: () => import("./settings/settings_page"),
    needsKey: true,
  },
];

/** Returns the page of a name; "" is the first. */
export function pageNamed(name: string): Page | undefined {
  return name === "" ? PAGES[0] : PAGES.find((page) => page.name === name);
}
