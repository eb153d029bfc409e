/** What the list of substations says of each. */

import { html } from "lit";
import type { SubstationReading } from "../../api/kamo";
import { count, UNKNOWN } from "../../format/numbers";
import { KW, load } from "../../format/units";
import type { Column } from "../../table/columns";
import { texts } from "../../texts/texts";
import "./factor_mark";
import { factorOf } from "./power_factor";

const words = texts.inspector.substations;

/**
 * Returns the columns.
 *
 * @param addressOf - Where a substation's own view is.
 */
export function substationColumns(
  addressOf: (name: string) => string,
): readonly Column<SubstationReading>[] {
  return [
    {
      key: "name",
      label: words.name,
      show: ({ substation_name: name }) => html`<a href=${addressOf(name)}>${name}</a>`,
      value: ({ substation_name }) => substation_name,
    },
    {
      key: "load",
      label: `${words.load}, ${KW.name}`,
      isNumber: true,
      show: ({ kw }) => load(kw, KW).value,
      value: ({ kw }) => kw,
    },
    {
      key: "factor",
      label: words.factor,
      isNumber: true,
      show: (reading) => html`<factor-mark .factor=${factorOf(reading)}></factor-mark>`,
      value: factorOf,
    },
    {
      key: "kvar",
      label: words.kvar,
      isNumber: true,
      show: ({ kvar }) => (kvar === null ? UNKNOWN : count(kvar)),
      value: ({ kvar }) => kvar,
    },
  ];
}
