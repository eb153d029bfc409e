/** Where a list goes on; pure. */

const NEXT = /<([^>]*)>\s*;\s*rel="?next"?/;

/** Returns the cursor in the `Link` header of a page; null where nothing follows. */
export function cursorIn(link: string | null): string | null {
  const address = NEXT.exec(link ?? "")?.[1];
  if (address === undefined) return null;
  return new URLSearchParams(address.slice(address.indexOf("?") + 1)).get("cursor");
}
