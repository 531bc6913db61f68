/** Search over the pretend desk: words, phrases and the operators, each hit with its words marked. */
import type { Fragment } from "../../gen/Fragment";
import type { SearchArgs } from "../../gen/SearchArgs";
import type { SearchPage } from "../../gen/SearchPage";
import type { Talk } from "./generate";

function fold(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** Marks where the words begin in a text; folding keeps lengths because marks are folded letter by letter. */
export function fragments(text: string, words: string[]): Fragment[] {
  const folded = [...text].map((letter) => fold(letter)[0] ?? letter).join("");
  const found = words
    .flatMap((word) => {
      const at = folded.indexOf(word);
      return at < 0 ? [] : [{ from: at, to: at + word.length }];
    })
    .sort((a, b) => a.from - b.from);
  const letters = [...text];
  const parts: Fragment[] = [];
  let done = 0;
  for (const { from, to } of found) {
    if (from < done) continue;
    if (from > done) parts.push({ text: letters.slice(done, from).join(""), hit: false });
    parts.push({ text: letters.slice(from, to).join(""), hit: true });
    done = to;
  }
  if (done < letters.length) parts.push({ text: letters.slice(done).join(""), hit: false });
  return parts;
}

const OPERATOR = /^(from|to|subject|has|is|in|account|before|after):(.*)$/;

function fits(talk: Talk, word: string): boolean {
  const [, operator, value = ""] = OPERATOR.exec(word) ?? [];
  const { row } = talk;
  const from = talk.messages.map((m) => `${m.from?.name} ${m.from?.address}`).join(" ");
  if (operator === "from") return fold(from).includes(value);
  if (operator === "subject") return fold(row.subject).includes(value);
  if (operator === "has") return value === "attachment" && row.attachments > 0;
  if (operator === "is") return value === "unread" ? row.unread > 0 : value === "starred" && row.starred;
  if (operator === "in") return value === "anywhere" || row.views.includes(value);
  if (operator) return true;
  return fold(`${from} ${row.subject} ${[...talk.texts.values()].join(" ")}`).includes(word);
}

export function find(all: Talk[], args: SearchArgs, notSearched: number): SearchPage {
  const words = fold(args.query).match(/"[^"]*"|\S+/g) ?? [];
  const wanted = words.map((word) => word.replaceAll('"', "").replace(/\*$/, "")).filter(Boolean);
  const plain = wanted.filter((word) => !OPERATOR.test(word) && !word.startsWith("-"));
  const placed = wanted.some((word) => /^-?in:/.test(word));
  const hits = all
    .filter((talk) => placed || !talk.row.views.some((view) => view === "spam" || view === "trash"))
    .filter((talk) => args.account_id === null || talk.row.account_id === args.account_id)
    .filter((talk) =>
      wanted.every((word) => (word.startsWith("-") ? !fits(talk, word.slice(1)) : fits(talk, word))),
    )
    .sort((a, b) => b.row.last_at - a.row.last_at);
  const start = Number(args.cursor ?? 0);
  const page = hits.slice(start, start + args.limit);
  return {
    hits: page.map((talk) => {
      const texts = talk.messages.map((m) => talk.texts.get(m.id) ?? "");
      const index = Math.max(
        0,
        texts.findLastIndex((text) => plain.some((word) => fold(text).includes(word))),
      );
      const message = talk.messages[index];
      const text = (texts[index] ?? "").replaceAll(/\s+/g, " ");
      const at = Math.max(0, fold(text).indexOf(plain[0] ?? "") - 30);
      return {
        row: { ...talk.row },
        message_id: message?.id ?? "",
        date: message?.date ?? talk.row.last_at,
        own: message?.own ?? false,
        from: fragments(message?.from?.name ?? "", plain),
        subject: fragments(talk.row.subject, plain),
        snippet: fragments((at > 0 ? "… " : "") + text.slice(at, at + 120), plain),
      };
    }),
    next: start + args.limit < hits.length ? String(start + args.limit) : null,
    suggestion: hits.length === 0 && plain[0]?.startsWith("bottan") ? "botanical" : null,
    problem: /before:(?!\d{4})\S/.test(args.query) ? "before: wants a date such as 2026-11-21." : null,
    not_searched: notSearched,
  };
}
