/** Addresses of views: ``#/page?key=value``, so that a view can be shared; pure. */

/** Which page, and what it shows. */
export interface Route {
  readonly page: string;
  readonly view: Readonly<Record<string, string>>;
}

/** Returns the route that the part behind the number sign names; page "" is the first. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/*/, "").split("?", 2);
  const page = path.replace(/\/+$/, "");
  return { page, view: Object.fromEntries(new URLSearchParams(query)) };
}

/** Returns the address of a route, relative to the document. */
export function formatRoute({ page, view }: Route): string {
  const query = new URLSearchParams(view).toString();
  return query === "" ? `#/${page}` : `#/${page}?${query}`;
}

/** What to change in a view: null and "" take a key away. */
export type ViewChanges = Readonly<Record<string, string | null>>;

/** Returns a view with changes. */
export function changedView(
  view: Readonly<Record<string, string>>,
  changes: ViewChanges,
): Record<string, string> {
  const kept = Object.entries({ ...view, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== null && entry[1] !== "",
  );
  return Object.fromEntries(kept);
}
