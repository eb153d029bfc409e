import "./shell/app_shell";
import { followHomeAssistant } from "./theme/home_assistant";
import { applyTheme, chosenTheme } from "./theme/theme";

const choice = chosenTheme();
applyTheme(choice);
followHomeAssistant(({ isDark, properties }) => {
  if (chosenTheme() !== "auto") return;
  const { style } = document.documentElement;
  for (const [name, value] of Object.entries(properties))
    style.setProperty(name, value);
  applyTheme(isDark ? "dark" : "light");
});
