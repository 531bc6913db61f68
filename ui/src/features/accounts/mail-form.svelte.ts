/**
 * The state of "Add a mail account": what was typed, what was proposed, what is wrong.
 * Proposals fill only what the person has not touched, and only the answer to the latest address counts.
 * Rules that need the network (is the password right, does the host exist) are left to the core.
 */
import type { Account } from "../../gen/Account";
import type { ImapForm } from "../../gen/ImapForm";
import type { ImapSuggestion } from "../../gen/ImapSuggestion";
import type { Security } from "../../gen/Security";
import { CallError } from "../../host/types";
import { told, why } from "../../shared/said";
import { isPort, portFor, SERVER_PARTS } from "../../shared/server.svelte";
import { OUTGOING_FIELDS, Outgoing } from "./outgoing.svelte";

/** The fields, in the order they stand on screen; the names are those of `ImapForm`. */
export const FIELDS = [
  "address",
  "password",
  "host",
  "port",
  "security",
  "user",
  ...OUTGOING_FIELDS,
  "name",
] as const;
export type Field = (typeof FIELDS)[number];

/** Fields that a proposal fills in. */
export const SERVER_FIELDS = SERVER_PARTS;
type ServerField = (typeof SERVER_FIELDS)[number];

/** The window's own sentence for what the core can say of an entry; all else is left to the core's own. */
const SAID: Record<string, string> = {
  "sign_in/password": "mail-form-password-refused",
  "offline/host": "mail-form-host-unreachable",
  "rejected/port": "mail-form-port-strange",
  "rejected/security": "mail-form-security-unsafe",
  "sign_in/smtp.password": "outgoing-refused",
  "offline/smtp.host": "outgoing-unreachable",
};

/** What the form asks of the core. */
export type MailCalls = {
  suggest(address: string): Promise<ImapSuggestion>;
  add(form: ImapForm): Promise<Account>;
};

/** Long enough not to ask at every key, short enough to be there when the next field is reached. */
const PAUSE_MS = 250;

const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const COMPLETE_ADDRESS = /^[^\s@]+@([^\s@]+\.[^\s@.]{2,}|localhost)$/i;

export class MailForm {
  address = $state("");
  password = $state("");
  host = $state("");
  port = $state("993");
  security = $state<Security>("tls");
  user = $state("");
  name = $state("");
  readonly outgoing = new Outgoing();

  proposal = $state<ImapSuggestion | null>(null);
  /** The proposal is being asked for. */
  looking = $state(false);
  /** It was asked for and there is none. */
  unknown = $state(false);
  busy = $state(false);
  errors = $state<Partial<Record<Field, string>>>({});
  /** SHA-256 fingerprint of a certificate that the server, on this computer, made itself; to be trusted or not. */
  certificate = $state<string | null>(null);
  /** Why the core refused the form as a whole. */
  failure = $state.raw<CallError | null>(null);

  #touched = $state<ServerField[]>([]);
  #asked = "";
  #answer: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly calls: MailCalls) {}

  /** The person changed a proposed field and could take the proposal back. */
  get differs(): boolean {
    return this.proposal !== null && this.#touched.length > 0;
  }

  typed(field: Field): void {
    delete this.errors[field];
    if (field !== "name") this.certificate = null;
    if ((SERVER_FIELDS as readonly string[]).includes(field)) {
      const proposed = field as ServerField;
      if (!this.#touched.includes(proposed)) this.#touched.push(proposed);
    }
    const part = SERVER_PARTS.find((one) => field === `smtp.${one}`);
    if (part) this.outgoing.typed(part);
    if (field === "security") this.port = portFor("imap", this.security, this.port);
    if (field !== "address") return;
    clearTimeout(this.#timer);
    if (COMPLETE_ADDRESS.test(this.address.trim())) {
      this.#timer = setTimeout(() => void this.lookUp(), PAUSE_MS);
    }
  }

  /** Takes back what was said of these fields. */
  forgive(fields: readonly Field[]): void {
    for (const field of fields) delete this.errors[field];
  }

  /** Asks for the settings of the present address; who asks again meanwhile waits for the same answer. */
  lookUp(): Promise<void> {
    clearTimeout(this.#timer);
    const address = this.address.trim();
    if (ADDRESS.test(address) && address !== this.#asked) {
      this.#asked = address;
      this.#answer = this.#ask(address);
    }
    return this.#answer;
  }

  async #ask(address: string): Promise<void> {
    this.looking = true;
    let proposal: ImapSuggestion | null = null;
    try {
      proposal = await this.calls.suggest(address);
    } catch {
      // Without a proposal the entries are typed by hand; a change of the address asks again.
    }
    // A later address was asked for meanwhile: its answer is the one that counts.
    if (address !== this.#asked) return;
    this.looking = false;
    this.proposal = proposal?.host ? proposal : null;
    this.unknown = this.proposal === null;
    if (this.proposal) this.#fill(this.proposal);
  }

  /** Takes the proposed settings in place of the typed ones. */
  reset(): void {
    this.#touched = [];
    for (const field of SERVER_FIELDS) delete this.errors[field];
    if (this.proposal) this.#fill(this.proposal);
  }

  #fill(proposal: ImapSuggestion): void {
    const keep = (field: ServerField) => this.#touched.includes(field);
    this.outgoing.propose(proposal);
    if (!keep("host")) this.host = proposal.host;
    if (!keep("port")) this.port = String(proposal.port);
    if (!keep("security")) this.security = proposal.security;
    if (!keep("user")) this.user = proposal.user;
    for (const field of SERVER_FIELDS) delete this.errors[field];
  }

  /** Keys of what is missing or cannot be right, before anything is asked of the network. */
  check(): Partial<Record<Field, string>> {
    const wrong: Partial<Record<Field, string>> = {};
    const addressed = ADDRESS.test(this.address.trim());
    if (!addressed) wrong.address = "mail-form-address-missing";
    if (this.password === "") wrong.password = "mail-form-password-missing";
    // The server usually follows from the address: asking for both at once would only frighten.
    if (addressed && this.host.trim() === "") wrong.host = "mail-form-host-missing";
    if (!isPort(this.port)) wrong.port = "mail-form-port-wrong";
    return { ...wrong, ...this.outgoing.check() };
  }

  /**
   * Signs in; `words` turns a key into a sentence, `trusted` is the fingerprint the person agreed to. Answers the new
   * account, or `null` with `errors`, `certificate` or `failure` set.
   */
  async submit(words: (key: string) => string, trusted?: string): Promise<Account | null> {
    if (this.busy) return null;
    this.failure = null;
    this.certificate = null;
    // Enter may come before the pause is over: then the proposal fills what is missing.
    if (this.check().host) await this.lookUp();
    this.errors = {};
    for (const [field, key] of Object.entries(this.check())) this.errors[field as Field] = words(key);
    if (this.firstWrong) return null;
    this.busy = true;
    try {
      return await this.calls.add({ ...this.#form(), ...(trusted ? { pin_certificate: trusted } : {}) });
    } catch (thrown) {
      const error = CallError.from(thrown);
      this.failure = error;
      if (error.code === "certificate") {
        this.certificate = error.fields.find(({ field }) => field === "pin_certificate")?.message ?? null;
      }
      for (const { field, message, said } of error.fields) {
        if (!(FIELDS as readonly string[]).includes(field)) continue;
        const own = SAID[`${error.code}/${field}`];
        this.errors[field as Field] ??= own ? words(own) : told(said, message)?.text;
      }
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** An entry says all there is to say: the core's sentence, or our own of a refused password. */
  get saidAtEntry(): boolean {
    const refused = this.failure?.code === "sign_in" && this.errors.password !== undefined;
    return (
      refused || (this.failure !== null && Object.values(this.errors).includes(why(this.failure)?.text ?? ""))
    );
  }

  /** The topmost field that needs another look. */
  get firstWrong(): Field | null {
    return FIELDS.find((field) => this.errors[field] !== undefined) ?? null;
  }

  #form(): ImapForm {
    const smtp = this.outgoing.answer();
    return {
      ...(smtp ? { smtp } : {}),
      address: this.address.trim(),
      name: this.name.trim(),
      user: this.user.trim() || this.address.trim(),
      host: this.host.trim(),
      port: Number(this.port.trim()),
      security: this.security,
      password: this.password,
    };
  }
}
