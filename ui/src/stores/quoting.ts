/** The words around a quoted message, in the window's language and its way to write a date. */
import type { QuoteWords } from "../gen/QuoteWords";
import { letterTime } from "../shared/format";
import { t } from "../shared/i18n.svelte";

/** `date`: when the quoted message was written, where that is known; else the core writes it by numbers. */
export function quoteWords(date: number | undefined): QuoteWords {
  return {
    wrote: t("quote-wrote", { date: "{date}", name: "{name}" }),
    forwarded: t("quote-forwarded"),
    fields: [t("head-from"), t("head-date"), t("head-subject"), t("head-to"), t("head-cc")],
    date: date === undefined ? null : letterTime(date),
  };
}
