// What a licence's file says: which licence it is, whose, and its words without the names, so that the same words
// are kept once. What is chosen where a part offers a choice, and the usual words where a part brings no file.

/** Words that a licence's own text begins with; what stands before them is a title or a copyright. */
const KINDS = [
  ["GPL-2.0-only", /gnu general public license\s+version 2/i, null],
  ["Apache-2.0", /apache license,?\s+version 2\.0[\s\S]*terms and conditions for use/i, null],
  ["MPL-2.0", /mozilla public license,? (version|v\.) ?2\.0/i, null],
  ["Unicode-3.0", /unicode license v3/i, /permission is hereby granted/i],
  ["Unicode-3.0", /unicode, inc\. license agreement/i, null],
  ["CC0-1.0", /cc0 1\.0 universal|creative commons legal code/i, null],
  ["CDLA-Permissive-2.0", /community data license agreement.*permissive.*2\.0/is, null],
  ["blessing", /here is a blessing/i, null],
  ["Unlicense", /free and unencumbered software released into the public domain/i, null],
  ["BSL-1.0", /boost software license/i, null],
  ["BSD-3-Clause", /redistribution and use[\s\S]*(neither the name|name of [\s\S]{0,80}may not be used|names of its contributors)/i, /redistribution and use/i],
  ["BSD-2-Clause", /redistribution and use/i, /redistribution and use/i],
  ["Zlib", /this software is provided ['‘"]as-is['’"], without any express or implied\s+warranty/i, /this software is provided/i],
  ["ISC", /permission to use, copy, modify,? and\/?(or)? ?distribute[\s\S]*appear in all\s+copies/i, /permission to use, copy/i],
  ["0BSD", /permission to use, copy, modify,? and\/?(or)? ?distribute/i, /permission to use, copy/i],
  ["MIT", /permission is hereby granted, free of charge[\s\S]*shall\s+be\s+included\s+in\s+all/i, /permission is hereby granted/i],
  ["MIT-0", /permission is hereby granted, free of charge/i, /permission is hereby granted/i],
];
/** Of several on offer the first is taken: short, and asking for little. */
const RANK = ["MIT", "MIT-0", "ISC", "0BSD", "Zlib", "BSD-2-Clause", "BSD-3-Clause", "Unicode-3.0", "Unlicense", "CC0-1.0", "BSL-1.0", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "CDLA-Permissive-2.0", "MPL-2.0"];
const COPYRIGHT = /^(\(c\)|©|copyright\b(?! and permission)|portions? (are )?copyright|the .* contributors?$)/i;
/** The gap that Apache's appendix leaves for a name, filled in or not. */
const APPENDIX = /^\s*copyright\s+(\[yyyy\]|\{yyyy\}|\(c\)|©|\d{4}).*$/im;

const same = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** A file taken apart: which licence (`null`: a notice of another kind), its copyrights, and its own words. */
export function read(file) {
  const text = file.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n").replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").replace(/^\n+|\n+$/g, "");
  const [kind, , start] = KINDS.find(([, sign]) => sign.test(text)) ?? [null, null, null];
  if (kind === "Apache-2.0") {
    const at = text.search(/identification within third-party archives/i);
    const filled = at < 0 ? null : APPENDIX.exec(text.slice(at));
    if (!filled) return { kind, copyright: [], words: text };
    const name = filled[0].trim();
    const words = text.slice(0, at) + text.slice(at).replace(APPENDIX, "   Copyright [yyyy] [name of copyright owner]");
    return { kind, copyright: /[[{]/.test(name) ? [] : [name], words };
  }
  // A notice of another kind may name people anywhere.
  const from = start ? text.search(start) : kind ? 0 : text.length;
  const copyright = lines(text.slice(0, from)).filter((line) => COPYRIGHT.test(line));
  return { kind, copyright, words: kind && start ? text.slice(from) : text };
}

/** Whether a notice says nothing that its part's licence does not say: a pointer to it, or a description for machines. */
export const empty = ({ kind, words }) => kind === null && (words.startsWith("SPDXVersion") || words.length < 200);

/** An SPDX expression as what must all be kept: each a list of what one may choose from. */
export function demands(expression) {
  const plain = expression.replaceAll("/", " OR ").replace(/\s+/g, " ").trim();
  const parts = [];
  let depth = 0;
  let part = "";
  for (const word of plain.replace(/([()])/g, " $1 ").trim().split(/\s+/)) {
    if (word === "(") depth += 1;
    else if (word === ")") depth -= 1;
    else if (word === "AND" && depth === 0) {
      parts.push(part);
      part = "";
    } else part += ` ${word}`;
  }
  return [...parts, part].map((one) => one.split(" OR ").map((name) => name.trim()));
}

/** Of what is on offer, what comes with a file first, then what asks for least. */
export function choose(offered, brought) {
  const rank = (name) => (RANK.includes(name) ? RANK.indexOf(name) : RANK.length);
  const known = [...offered].sort((a, b) => rank(a) - rank(b));
  return known.find((name) => brought.has(name)) ?? known[0];
}

/** Keeps every text once, by its words alone; the first way it was written stands. */
export class Texts {
  #ids = new Map();
  /** How often each licence was brought in which words. */
  #usual = new Map();
  all = [];

  id(words) {
    const key = same(words);
    if (!this.#ids.has(key)) {
      this.#ids.set(key, this.all.length);
      this.all.push(words);
    }
    return this.#ids.get(key);
  }

  /** Tells which words a licence comes in, for the parts that bring none. */
  count(kind, words) {
    const key = same(words);
    const counts = this.#usual.get(kind) ?? new Map();
    counts.set(key, { words, times: (counts.get(key)?.times ?? 0) + 1 });
    this.#usual.set(kind, counts);
  }

  usual(kind) {
    const counts = [...(this.#usual.get(kind)?.values() ?? [])];
    const most = counts.sort((a, b) => b.times - a.times || (a.words < b.words ? -1 : 1))[0];
    if (!most) throw new Error(`No part brings the words of ${kind}.`);
    return most.words;
  }
}
