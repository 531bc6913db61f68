/** A dry run: asks step by step what a rule would have done, until the end or until told to stop. */
import type { RuleForm } from "../../gen/RuleForm";
import type { RuleTouched } from "../../gen/RuleTouched";
import { CallError, type Host } from "../../host/types";

/** Messages listed; all are counted. */
const LISTED = 200;

export class Trial {
  state = $state<"idle" | "running" | "done" | "stopped">("idle");
  lookedAt = $state(0);
  count = $state(0);
  /** How often each action would be taken, by its kind. */
  actions = $state.raw<ReadonlyMap<string, number>>(new Map());
  touched = $state.raw<RuleTouched[]>([]);
  private turn = 0;

  constructor(private readonly host: Host) {}

  /** Rejects with the `CallError` of a rule that cannot be tried. */
  async run(rule: RuleForm | null): Promise<void> {
    const turn = ++this.turn;
    this.state = "running";
    this.lookedAt = 0;
    this.count = 0;
    this.actions = new Map();
    this.touched = [];
    let cursor: string | null = null;
    try {
      do {
        const step: Awaited<ReturnType<typeof this.ask>> = await this.ask(rule, cursor);
        if (turn !== this.turn) return;
        this.lookedAt += step.looked_at;
        this.count += step.touched.length;
        const actions = new Map(this.actions);
        for (const action of step.touched.flatMap((one) => one.actions)) {
          actions.set(action.kind, (actions.get(action.kind) ?? 0) + 1);
        }
        this.actions = actions;
        // It is looked at as it came; the latest is what a person knows best.
        this.touched = [...step.touched.toReversed(), ...this.touched].slice(0, LISTED);
        cursor = step.next;
      } while (cursor !== null);
      this.state = "done";
    } catch (thrown) {
      if (turn === this.turn) this.state = "idle";
      throw CallError.from(thrown);
    }
  }

  stop(): void {
    this.turn += 1;
    if (this.state === "running") this.state = "stopped";
  }

  private ask(rule: RuleForm | null, cursor: string | null) {
    return this.host.call("rule_test", { rule, cursor });
  }
}
