/** Files that were handed to Deskbell from outside: one that is looked at, one that waits to be imported. */
import type { GivenMail } from "../gen/GivenMail";
import { CallError, type Host } from "../host/types";
import { dataUrl } from "../shared/read-file";

export interface Offered {
  token: string;
  path: string;
  own_address: string | null;
}

export class Given {
  /** The mail that is looked at. */
  mail = $state.raw<{ token: string; name: string } | null>(null);
  read = $state.raw<GivenMail | null>(null);
  failure = $state.raw<CallError | null>(null);
  /** What the form for imports is to begin with. */
  offered = $state.raw<Offered | null>(null);

  constructor(private readonly host: Host) {}

  async show(token: string, name: string): Promise<void> {
    const mail = { token, name };
    this.mail = mail;
    this.read = null;
    this.failure = null;
    try {
      const read = await this.host.call("given_mail", { token });
      if (this.mail === mail) this.read = read;
    } catch (thrown) {
      if (this.mail === mail) this.failure = CallError.from(thrown);
    }
  }

  /** Looks at a file dropped on the window, which knows no path of it. */
  async take(file: File): Promise<void> {
    const url = await dataUrl(file);
    const base64 = url.slice(url.indexOf(",") + 1);
    const wish = await this.host.call("given_bytes", { name: file.name, base64 });
    if (wish.kind === "mail") await this.show(wish.token, wish.name);
  }

  /** Whether this is the mail that is looked at; its token stands for it where others have an id. */
  holds(messageId: string): boolean {
    return this.mail?.token === messageId;
  }

  close(): void {
    this.mail = null;
    this.read = null;
    this.failure = null;
  }

  /** The form has taken what it begins with; the next one begins empty. */
  taken(): void {
    this.offered = null;
  }
}
