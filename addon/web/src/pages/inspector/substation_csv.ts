/** Which substations are listed, and their list as CSV; pure. */

import type { SubstationReading } from "../../api/kamo";
import { csv, isoIn } from "../../chart/csv";
import { texts } from "../../texts/texts";
import { CENTRAL } from "../../time/zones";
import { factorOf, verdictOn } from "./power_factor";

const words = texts.inspector.substations;

/** Returns rows of the list as CSV, in their order. */
export function substationCsv(
  rows: readonly SubstationReading[],
  readAtMs: number,
): string {
  const at = isoIn(CENTRAL, readAtMs);
  const { time, name, load, kvar, factor, verdict } = words;
  return csv(
    [time, name, `${load} (kW)`, kvar, factor, verdict],
    rows.map((reading) => {
      const found = factorOf(reading);
      return [
        at,
        reading.substation_name,
        reading.kw,
        reading.kvar,
        found === null ? null : Number(found.toFixed(4)),
        found === null ? null : texts.inspector.verdicts[verdictOn(found)],
      ];
    }),
  );
}

/** Returns the substations with a text in their names, whatever its case. */
export function filtered(
  rows: readonly SubstationReading[],
  text: string,
): readonly SubstationReading[] {
  const wanted = text.trim().toLocaleLowerCase();
  return rows.filter(({ substation_name }) =>
    substation_name.toLocaleLowerCase().includes(wanted),
  );
}
