/** Results that stay the same object while what they are made of does; pure. */

/**
 * Returns `make` with its last result kept for as long as it gets the same arguments.
 *
 * A chart is drawn anew for new data, so a component that renders for another reason
 * must hand it the same ones.
 */
export function remembered<Given extends readonly unknown[], Made>(
  make: (...given: Given) => Made,
): (...given: Given) => Made {
  let last: { readonly given: Given; readonly made: Made } | undefined;
  return (...given) => {
    if (
      last === undefined ||
      given.some((one, at) => !Object.is(one, last?.given[at]))
    ) {
      last = { given, made: make(...given) };
    }
    return last.made;
  };
}
