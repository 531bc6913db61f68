/** The people offered while a name or address is typed. Only the answer to what stands there now is shown. */
import type { Person } from "../../gen/Person";
import type { Host } from "../../host/types";

const MOST = 6;

export class Completion {
  offered = $state.raw<Person[]>([]);
  /** The one in front; `-1` for what was typed itself. */
  at = $state(0);
  private asked = "";

  constructor(private readonly host: Host) {}

  get open(): boolean {
    return this.offered.length > 0;
  }

  get chosen(): Person | undefined {
    return this.offered[this.at];
  }

  async type(text: string, taken: ReadonlySet<string>): Promise<void> {
    const prefix = text.trim();
    this.asked = prefix;
    if (prefix === "") {
      this.close();
      return;
    }
    try {
      const { people } = await this.host.call("contact_complete", {
        prefix,
        limit: Math.min(20, MOST + taken.size),
      });
      if (this.asked !== prefix) return;
      this.offered = people.filter(({ address }) => !taken.has(address.toLowerCase())).slice(0, MOST);
      this.at = 0;
    } catch {
      // Without suggestions the address is typed by hand.
      if (this.asked === prefix) this.close();
    }
  }

  /** The person known under exactly this address. */
  async nameOf(person: Person | undefined): Promise<Person | null> {
    if (!person || person.name !== null || !person.address.includes("@")) return null;
    try {
      const { people } = await this.host.call("contact_complete", { prefix: person.address, limit: 1 });
      const same = people.find((one) => one.address.toLowerCase() === person.address.toLowerCase());
      return same?.name ? same : null;
    } catch {
      return null;
    }
  }

  move(step: number): void {
    const many = this.offered.length;
    this.at = (this.at + step + many) % many;
  }

  close(): void {
    this.asked = "";
    this.offered = [];
    this.at = 0;
  }
}
