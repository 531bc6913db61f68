/** Rules on the pretend desk: kept, checked at their fields, and tried on what is there. */
import type { Rule } from "../../gen/Rule";
import type { RuleCondition } from "../../gen/RuleCondition";
import type { RuleForm } from "../../gen/RuleForm";
import type { RuleTest } from "../../gen/RuleTest";
import type { RuleTestArgs } from "../../gen/RuleTestArgs";
import { CallError, type FieldFault } from "../types";
import type { FakeState } from "./state";

const MONTH = 30 * 24 * 3_600_000;

export class FakeRules {
  rules: Rule[] = [
    {
      id: "1",
      name: "Newsletters out of the way",
      enabled: true,
      stop: false,
      when: { quantifier: "all", of: [{ kind: "bulk", value: true }] },
      actions: [{ kind: "read" }, { kind: "archive" }],
      matched: 128,
      matched_at: null,
    },
  ];

  constructor(private readonly state: FakeState) {}

  put(form: RuleForm): Rule {
    const faults = check(form);
    if (faults[0]) throw new CallError("invalid", faults[0].message, faults);
    const known = this.rules.find((rule) => rule.id === form.id);
    const id = known?.id ?? String(this.rules.length + 1);
    const made: Rule = { ...form, id, matched: known?.matched ?? 0, matched_at: known?.matched_at ?? null };
    this.rules = known ? this.rules.map((rule) => (rule.id === id ? made : rule)) : [...this.rules, made];
    this.state.changed([{ entity: "rule", id, deleted: false }]);
    return made;
  }

  remove(id: string): void {
    this.rules = this.rules.filter((rule) => rule.id !== id);
    this.state.changed([{ entity: "rule", id, deleted: true }]);
  }

  order(ids: string[]): Rule[] {
    this.rules = [...this.rules].sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
    return this.rules;
  }

  /** Looks at subjects and authors of the last month only, oldest first, one hundred at a time. */
  test(args: RuleTestArgs): RuleTest {
    const form = args.rule;
    if (form) {
      const faults = check(form);
      if (faults[0]) throw new CallError("invalid", faults[0].message, faults);
    }
    const start = Number(args.cursor ?? 0);
    const all = this.state.newestFirst.filter(({ row }) => row.last_at > this.state.now - MONTH).reverse();
    const step = all.slice(start, start + 100);
    const rules: (Rule | RuleForm)[] = form ? [form] : this.rules;
    const touched = step.flatMap((one) => {
      const message = one.messages[0];
      const matching = rules.filter((rule) => rule.when.of.some((c) => holds(c, one.row, message?.bulk)));
      if (!message || matching.length === 0) return [];
      return [
        {
          message_id: message.id,
          conversation_id: one.row.id,
          from: one.row.people,
          subject: one.row.subject,
          date: message.date,
          rules: matching.map((rule) => rule.name),
          actions: matching.flatMap((rule) => rule.actions),
        },
      ];
    });
    const next = start + 100 < all.length ? String(start + 100) : null;
    return { looked_at: step.length, touched, next };
  }
}

function holds(condition: RuleCondition, row: { people: string; subject: string }, bulk = false): boolean {
  if (condition.kind === "bulk") return condition.value === bulk;
  if (condition.kind !== "text") return false;
  const text = condition.field === "subject" ? row.subject : condition.field === "from" ? row.people : "";
  return text.toLowerCase().includes(condition.value.toLowerCase());
}

function check(form: RuleForm): FieldFault[] {
  const faults: FieldFault[] = [];
  if (form.name.trim() === "") faults.push({ field: "name", message: "Give the rule a name." });
  if (form.when.of.length === 0) {
    const message = "Add a condition; a rule without one would touch every message.";
    faults.push({ field: "when", message });
  }
  for (const [index, one] of form.when.of.entries()) {
    const at = `when.of.${index}`;
    if (one.kind === "header" && !/^[!-9;-~]+$/.test(one.name)) {
      const message = "Enter the name of a header field, such as X-Priority, without its colon.";
      faults.push({ field: `${at}.name`, message });
    }
    if (one.kind === "date" && one.after === null && one.before === null) {
      const message = "Enter a date from which on, or up to which, the rule applies.";
      faults.push({ field: at, message });
    } else if (one.kind === "date" && one.after !== null && one.before !== null && one.after >= one.before) {
      const message = "Nothing is written before it and after it; choose a later date.";
      faults.push({ field: `${at}.before`, message });
    }
    if (one.kind !== "text") continue;
    const field = `when.of.${index}.value`;
    if (one.value.trim() === "") faults.push({ field, message: "Enter the words to look for." });
    else if (one.how === "regex" && one.value.includes("(") && !one.value.includes(")")) {
      faults.push({ field, message: "This regular expression cannot be used: unclosed group." });
    }
  }
  if (form.actions.length === 0) faults.push({ field: "actions", message: "Choose what the rule does." });
  return faults;
}
