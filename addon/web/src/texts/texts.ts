/** Every text that a reader sees, in the one language that there is so far. */

import { areas } from "./en/areas";
import { chart, table } from "./en/chart";
import { inspector } from "./en/inspector";
import { login } from "./en/login";
import { now } from "./en/now";
import { pages } from "./en/pages";
import { problems } from "./en/problems";
import { settings } from "./en/settings";
import { shell } from "./en/shell";

export const texts = {
  areas,
  chart,
  inspector,
  login,
  now,
  pages,
  problems,
  settings,
  shell,
  table,
};
