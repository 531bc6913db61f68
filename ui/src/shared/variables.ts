/** The variables of templates in words. A newer core may know more of them: those keep their names. */
import { t } from "./i18n.svelte";

export function variableWords(variable: string): string {
  const key = `variable-${variable.replace(".", "-")}`;
  const words = t(key);
  return words === key ? variable : words;
}
