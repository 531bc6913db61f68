/**
 * The state of "Add a mail account": what was typed, which ways were proposed and which was chosen, what is wrong.
 * Proposals fill only what the person has not touched, and only the answer to the latest address counts.
 * Rules that need the network (is the password right, does the host exist) are left to the core.
 */
import type { Account } from "../../gen/Account";
import type { Discovery } from "../../gen/Discovery";
import type { ImapForm } from "../../gen/ImapForm";
import type { Proposal } from "../../gen/Proposal";
import type { Security } from "../../gen/Security";
import { CallError } from "../../host/types";
import { why } from "../../shared/said";
import { portFor, SMTP_PARTS } from "../../shared/server.svelte";
import {
  ADDRESS,
  COMPLETE_ADDRESS,
  FIELDS,
  type Field,
  PAUSE_MS,
  refusedOf,
  SERVER_FIELDS,
  type ServerField,
  wrongOf,
} from "./mail-fields";
import { Outgoing } from "./outgoing.svelte";

/** What the form asks of the core. */
export type MailCalls = {
  discover(address: string): Promise<Discovery>;
  add(form: ImapForm): Promise<Account>;
};

export class MailForm {
  address = $state("");
  password = $state("");
  host = $state("");
  port = $state("993");
  security = $state<Security>("tls");
  user = $state("");
  name = $state("");
  readonly outgoing = new Outgoing();

  /** The ways to add this mailbox, best first. */
  proposals = $state.raw<Proposal[]>([]);
  /** The one chosen, by its place; or the servers are typed by hand, for a password or for a sign-in server's word. */
  way = $state<number | "manual" | "server">(0);
  /** There was an address, or the servers are typed by hand: until then nothing else is asked for. */
  begun = $state(false);
  /** The proposal is being asked for. */
  looking = $state(false);
  /** It was asked for and there is none. */
  unknown = $state(false);
  #decided = false;
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

  get proposal(): Proposal | null {
    return typeof this.way === "number" ? (this.proposals[this.way] ?? null) : null;
  }

  /** One signs in in the browser, at a server that the person names. */
  get atServer(): boolean {
    return this.way === "server";
  }

  /** There is something to choose: a guess alone is only shown. */
  get choosing(): boolean {
    if (this.atServer) return true;
    return this.proposals.length > 1 || this.proposals.some((one) => one.oauth !== null || one.unsafe_source);
  }

  choose(way: number | "manual" | "server"): void {
    this.#decided = true;
    this.begun = true;
    this.way = way;
    this.failure = null;
    this.certificate = null;
    this.errors = {};
    if (!this.proposal) return;
    this.#touched = [];
    this.#fill(this.proposal);
  }

  /** The mailbox is here already, by whichever way: the account it is. */
  get duplicate(): string | null {
    if (this.failure?.code !== "duplicate") return null;
    return this.failure.fields.find(({ field }) => field === "account_id")?.message ?? null;
  }

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
    const part = SMTP_PARTS.find((one) => field === `smtp.${one}`);
    if (part) this.outgoing.typed(part);
    if (field === "security") this.port = portFor("imap", this.security, this.port);
    if (field !== "address") return;
    clearTimeout(this.#timer);
    if (COMPLETE_ADDRESS.test(this.address.trim())) {
      this.begun = true;
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
      this.begun = true;
      this.#asked = address;
      this.#answer = this.#ask(address);
    }
    return this.#answer;
  }

  async #ask(address: string): Promise<void> {
    this.looking = true;
    let proposals: Proposal[] = [];
    try {
      ({ proposals } = await this.calls.discover(address));
    } catch {
      // Without a proposal the entries are typed by hand; a change of the address asks again.
    }
    // A later address was asked for meanwhile: its answer is the one that counts.
    if (address !== this.#asked) return;
    this.looking = false;
    this.proposals = proposals;
    this.unknown = proposals.length === 0;
    // Another address has other ways; who chose to type by hand goes on typing, who typed a server keeps it.
    const typed = this.#touched.length > 0 ? proposals.findIndex((one) => one.oauth === null) : 0;
    if (!this.#decided || typeof this.way === "number") this.way = Math.max(0, typed);
    // A server is proposed to be typed over, by hand too; the sign-in server's mailbox lies behind IMAP as well.
    const filling = this.proposal ?? proposals.find((one) => one.imap);
    if (filling) this.#fill(filling);
  }

  /** Takes the proposed settings in place of the typed ones. */
  reset(): void {
    this.#touched = [];
    for (const field of SERVER_FIELDS) delete this.errors[field];
    if (this.proposal) this.#fill(this.proposal);
  }

  #fill({ imap, smtp, source }: Proposal): void {
    this.outgoing.propose(smtp, source !== "guess");
    if (!imap) return;
    const keep = (field: ServerField) => this.#touched.includes(field);
    if (!keep("host")) this.host = imap.host;
    if (!keep("port")) this.port = String(imap.port);
    if (!keep("security")) this.security = imap.security;
    if (!keep("user")) this.user = imap.user;
    for (const field of SERVER_FIELDS) delete this.errors[field];
  }

  /** Keys of what is missing or cannot be right, before anything is asked of the network. */
  check(): Partial<Record<Field, string>> {
    return this.begun
      ? { ...wrongOf(this), ...this.outgoing.check() }
      : { address: "mail-form-address-missing" };
  }

  /** Whether the browser can be opened for a mailbox whose servers were typed; if not, `errors` says why. */
  ready(words: (key: string) => string): boolean {
    const { password: _, ...wrong } = this.check();
    this.errors = {};
    for (const [field, key] of Object.entries(wrong)) this.errors[field as Field] = words(key);
    return this.firstWrong === null;
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
      this.errors = refusedOf(error, words);
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
