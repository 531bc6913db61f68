/**
 * Whom the person looks at: the accounts of the list on the screen, while the window is in front of them. Owns what
 * the core was told of it last; one telling at a time, so that none overtakes another. It is a hint: news of these
 * accounts is looked for more often, and one that fails is made good by the next change of what is shown.
 */
import type { Host } from "../host/types";
import type { Accounts } from "./accounts.svelte";
import type { Route } from "./route.svelte";

/** In ms. The frame that holds the text of a mail keeps the coming and going of its focus to itself. */
const LOOK = 3_000;

interface Room {
  readonly host: Host;
  readonly route: Route;
  readonly accounts: Accounts;
}

export class Attention {
  private front = $state(false);
  /** `null` where nobody knows what the core believes. */
  private told: string | null = null;
  private wanted: string[] = [];
  private telling = false;

  constructor(private readonly room: Room) {}

  /** Tells whom the person looks at from now on; the answer ends it, and then it is nobody. */
  follow(): () => void {
    const look = () => {
      this.front = document.visibilityState === "visible" && document.hasFocus();
    };
    look();
    window.addEventListener("focus", look);
    window.addEventListener("blur", look);
    document.addEventListener("visibilitychange", look);
    const clock = setInterval(look, LOOK);
    $effect(() => {
      // What is not known yet is no reason to say that it is nobody.
      if (this.room.accounts.status !== "loading") void this.tell(this.lookedAt);
    });
    return () => {
      window.removeEventListener("focus", look);
      window.removeEventListener("blur", look);
      document.removeEventListener("visibilitychange", look);
      clearInterval(clock);
      void this.tell([]);
    };
  }

  private get lookedAt(): string[] {
    const { accounts, route } = this.room;
    if (!this.front || route.screen !== "mail") return [];
    const listed = accounts.all.filter((one) => route.account === null || one.id === route.account);
    return listed.filter((one) => one.state !== "paused").map((one) => one.id);
  }

  private async tell(ids: string[]): Promise<void> {
    this.wanted = ids;
    if (this.telling) return;
    this.telling = true;
    while (this.told !== this.wanted.join()) {
      const { wanted } = this;
      try {
        await this.room.host.call("accounts_attend", { ids: wanted });
        this.told = wanted.join();
      } catch {
        this.told = null;
        if (this.wanted === wanted) break;
      }
    }
    this.telling = false;
  }
}
