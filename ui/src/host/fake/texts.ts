/** Senders, templates and known people of the pretend desk. */
import type { CompleteArgs } from "../../gen/CompleteArgs";
import type { Completions } from "../../gen/Completions";
import type { FillArgs } from "../../gen/FillArgs";
import type { Filled } from "../../gen/Filled";
import type { Person } from "../../gen/Person";
import type { Sender } from "../../gen/Sender";
import type { SenderForm } from "../../gen/SenderForm";
import type { Template } from "../../gen/Template";
import type { TemplateForm } from "../../gen/TemplateForm";
import { CallError } from "../types";
import type { FakeState } from "./state";

export const VARIABLES = [
  "contact.name",
  "contact.first_name",
  "contact.address",
  "sender.name",
  "account.name",
  "date.today",
  "appointment.start",
  "appointment.service",
];

const named = (text: string) => [...text.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map((match) => match[1] ?? "");

const FIRST: Omit<Template, "variables">[] = [
  {
    id: "1",
    name: "Aftercare",
    shortcut: "aftercare",
    subject: "How to care for your tattoo",
    html: "<p>Hello {{contact.first_name}},</p><p>thank you for your visit. Leave the film on for <strong>three days</strong>, then:</p><ul><li><p>wash with lukewarm water</p></li><li><p>no sun, no sauna for two weeks</p></li></ul><p>Write to us whenever you are unsure.</p>",
  },
  {
    id: "2",
    name: "Directions and parking",
    shortcut: "way",
    subject: "",
    html: "<p>You find us at Lindenhof 4, in the yard on the left. Parking is free behind the house after 17:00.</p>",
  },
  {
    id: "3",
    name: "Visit confirmed",
    shortcut: "ok",
    subject: "Your visit on {{appointment.start}}",
    html: "<p>Hello {{contact.first_name}},</p><p>we look forward to seeing you on {{appointment.start}}.</p>",
  },
];

export class FakeTexts {
  senders: Sender[];
  templates: Template[] = FIRST.map((one) => ({ ...one, variables: named(one.subject + one.html) }));
  private next = 100;

  constructor(private readonly state: FakeState) {
    this.senders = state.accounts
      .filter((one) => one.provider === "imap")
      .map((one) => ({
        id: `s${one.id}`,
        account_id: one.id,
        name: one.name,
        address: one.address,
        signature: one.id === "1" ? "<p>Studio Lindenhof · +49 30 1234567</p>" : "",
        reply_to: null,
        first: true,
      }));
  }

  putSender(form: SenderForm): Sender {
    if (!form.address.includes("@")) {
      const message = "Enter a whole address, such as name@example.com.";
      throw new CallError("invalid", message, [{ field: "address", message, said: null }]);
    }
    const made: Sender = { ...form, id: form.id ?? `s${this.next++}` };
    if (made.first) {
      this.senders = this.senders.map((one) =>
        one.account_id === made.account_id ? { ...one, first: false } : one,
      );
    }
    const known = this.senders.some((one) => one.id === made.id);
    this.senders = known
      ? this.senders.map((one) => (one.id === made.id ? made : one))
      : [...this.senders, made];
    return made;
  }

  removeSender(id: string): Record<string, never> {
    const doomed = this.senders.find((one) => one.id === id);
    if (doomed?.first) throw new CallError("invalid", "The account's first sender cannot be removed.");
    this.senders = this.senders.filter((one) => one.id !== id);
    return {};
  }

  putTemplate(form: TemplateForm): Template {
    const unknown = named(form.subject + form.html).find((one) => !VARIABLES.includes(one));
    if (unknown) {
      const message = `There is no variable “${unknown}”.`;
      throw new CallError("invalid", message, [{ field: "html", message, said: null }]);
    }
    if (this.templates.some((one) => one.id !== form.id && form.shortcut && one.shortcut === form.shortcut)) {
      const message = `“${form.shortcut}” belongs to another template already.`;
      throw new CallError("invalid", message, [{ field: "shortcut", message, said: null }]);
    }
    const made: Template = {
      ...form,
      id: form.id ?? String(this.next++),
      variables: named(form.subject + form.html),
    };
    this.templates = [...this.templates.filter((one) => one.id !== made.id), made].sort((a, b) =>
      a.name.localeCompare(b.name),
    );
    this.state.changed([{ entity: "template", id: made.id, deleted: false }]);
    return made;
  }

  removeTemplate(id: string): Record<string, never> {
    this.templates = this.templates.filter((one) => one.id !== id);
    this.state.changed([{ entity: "template", id, deleted: true }]);
    return {};
  }

  fill(args: FillArgs): Filled {
    const one = this.templates.find((template) => template.id === args.id);
    if (!one) throw new CallError("not_found", "This template is not here any more.");
    const name = args.to?.name ?? "";
    const values: Record<string, string> = {
      "contact.name": name,
      "contact.first_name": name.split(" ")[0] ?? "",
      "contact.address": args.to?.address ?? "",
      "sender.name":
        args.from?.name ?? this.senders.find((sender) => sender.account_id === args.account_id)?.name ?? "",
      "account.name": this.state.account(args.account_id).name,
      "date.today": new Intl.DateTimeFormat(args.language, { dateStyle: "long" }).format(
        this.state.outbox.now,
      ),
    };
    const missing = new Set<string>();
    const put = (text: string) =>
      text.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, key: string) => {
        if (values[key]) return values[key];
        missing.add(key);
        return whole;
      });
    return { subject: put(one.subject), html: put(one.html), missing: [...missing] };
  }

  complete(args: CompleteArgs): Completions {
    const wanted = args.prefix.toLowerCase();
    const own = this.state.accounts.map((one) => one.address);
    const people = new Map<string, { person: Person; used: number }>();
    for (const { messages } of this.state.talks.values()) {
      for (const one of messages) {
        for (const person of [one.from, ...one.to, ...one.cc]) {
          if (!person || own.includes(person.address) || !person.address.includes("@")) continue;
          const used = (people.get(person.address)?.used ?? 0) + 1;
          people.set(person.address, { person, used });
        }
      }
    }
    const found = [...people.values()].filter(
      ({ person }) =>
        `${person.name ?? ""} ${person.address}`
          .toLowerCase()
          .split(/[\s@.]+/)
          .some((word) => word.startsWith(wanted)) || person.address.startsWith(wanted),
    );
    return {
      people: found
        .sort((a, b) => b.used - a.used)
        .slice(0, args.limit)
        .map(({ person }) => person),
    };
  }
}
