/** A rule while it is written: what a new one looks like, and what each kind of condition and action begins as. Pure. */
import type { Rule } from "../../gen/Rule";
import type { RuleAction } from "../../gen/RuleAction";
import type { RuleCondition } from "../../gen/RuleCondition";
import type { RuleField } from "../../gen/RuleField";
import type { RuleForm } from "../../gen/RuleForm";
import type { RuleHow } from "../../gen/RuleHow";
import type { RuleQuantifier } from "../../gen/RuleQuantifier";

export const FIELDS: RuleField[] = [
  "from",
  "to",
  "cc",
  "recipient",
  "subject",
  "body",
  "list",
  "file",
  "bcc",
  "reply_to",
];
export const HOWS: RuleHow[] = ["contains", "is", "starts", "ends", "regex"];
export const QUANTIFIERS: RuleQuantifier[] = ["all", "any", "none"];
export const KINDS = [
  "attachment",
  "larger",
  "smaller",
  "account",
  "channel",
  "bulk",
  "reply",
  "known",
  "header",
  "date",
  "group",
] as const;
export const ACTIONS: RuleAction["kind"][] = [
  "label",
  "star",
  "read",
  "archive",
  "trash",
  "spam",
  "notify",
  "auto_reply",
];
/** Channels there are. */
export const CHANNELS = ["email"];
/** Groups inside groups, as deep as the store takes them. */
export const DEEPEST = 4;
export const MEGABYTE = 1_000_000;

export function empty(): RuleForm {
  return {
    id: null,
    name: "",
    enabled: true,
    stop: false,
    when: { quantifier: "all", of: [words("from")] },
    actions: [],
  };
}

export function formOf(rule: Rule): RuleForm {
  const { id, name, enabled, stop, when, actions } = structuredClone(rule);
  return { id, name, enabled, stop, when, actions };
}

export function words(field: RuleField): RuleCondition {
  return { kind: "text", field, how: "contains", value: "" };
}

/** What a list of kinds shows for a condition: the field of words, else the kind. */
export function kindOf(condition: RuleCondition): string {
  return condition.kind === "text" ? condition.field : condition.kind;
}

/** The condition of this kind; words keep what was typed. */
export function ofKind(kind: string, before: RuleCondition): RuleCondition {
  const field = FIELDS.find((one) => one === kind);
  if (field) return before.kind === "text" ? { ...before, field } : words(field);
  switch (kind) {
    case "larger":
    case "smaller":
      return { kind, bytes: "bytes" in before ? before.bytes : MEGABYTE };
    case "account":
      return { kind, accounts: [] };
    case "channel":
      return { kind, channel: CHANNELS[0] ?? "" };
    case "group":
      return { kind, quantifier: "any", of: [words("from")] };
    case "header":
      return { kind, name: "", how: "contains", value: "" };
    case "date":
      return { kind, after: null, before: null };
    case "attachment":
    case "bulk":
    case "reply":
    case "known":
      return { kind, value: true };
    default:
      return words("from");
  }
}

export function ofAction(kind: string, first: { label: string; template: string }): RuleAction {
  switch (kind) {
    case "label":
      return { kind, label_id: first.label };
    case "auto_reply":
      return { kind, template_id: first.template };
    case "star":
    case "read":
    case "archive":
    case "trash":
    case "spam":
    case "notify":
      return { kind };
    default:
      return { kind: "star" };
  }
}

/** A day as a field for dates has it, of an instant; empty for none. */
export function dayOf(instant: number | null): string {
  if (instant === null) return "";
  const day = new Date(instant);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The instant at which a day of such a field begins here; `null` for none. */
export function instantOf(day: string): number | null {
  const at = new Date(`${day}T00:00`).getTime();
  return day === "" || Number.isNaN(at) ? null : at;
}

/** What is wrong with a condition and its entries, by where it is said: what lies in a group is the group's to say. */
export function faultsOf(faults: Readonly<Record<string, string>>, at: string): [string, string][] {
  const here = (field: string) =>
    field === at || (field.startsWith(`${at}.`) && !field.startsWith(`${at}.of`));
  return Object.entries(faults).filter(([field]) => here(field));
}

/** What is wrong in a place that the form does not show: it must be said all the same. */
export function unplaced(faults: Readonly<Record<string, string>>): string[] {
  const shown = /^(name|actions(\.\d+)?|when(\.of\.\d+)*(\.(?!of\b)\w+)?)$/;
  return Object.entries(faults)
    .filter(([field]) => !shown.test(field))
    .map(([, words]) => words);
}
