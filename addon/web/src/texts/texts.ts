/** Every text that a reader sees, in the one language that there is so far. */

import { areas } from "./en/areas";
import { backups } from "./en/backups";
import { bill } from "./en/bill";
import { chart, table } from "./en/chart";
import { dates } from "./en/dates";
import { forecasts } from "./en/forecasts";
import { health } from "./en/health";
import { inspector } from "./en/inspector";
import { login } from "./en/login";
import { now } from "./en/now";
import { pages } from "./en/pages";
import { peaks } from "./en/peaks";
import { levels, prices } from "./en/prices";
import { problems } from "./en/problems";
import { settings } from "./en/settings";
import { shell } from "./en/shell";
import { sites } from "./en/sites";
import { tables } from "./en/tables";
import { usage } from "./en/usage";
import { watch } from "./en/watch";

export const texts = {
  areas,
  backups,
  bill,
  chart,
  dates,
  forecasts,
  inspector,
  levels,
  health,
  login,
  now,
  pages,
  peaks,
  prices,
  problems,
  settings,
  shell,
  sites,
  table,
  tables,
  usage,
  watch,
};
