/** Accounts put in another order, by dragging their handle or by its arrow keys. */

export class Ordering {
  /** The account that is being dragged. */
  dragged = $state<string | null>(null);
  /** Where it would be put. */
  target = $state<number | null>(null);

  constructor(
    private readonly ids: () => string[],
    private readonly move: (id: string, to: number) => Promise<void>,
  ) {}

  begin(id: string): void {
    this.dragged = id;
    this.target = null;
  }

  /** The pointer is at this height; `middles` are those of the accounts, top to bottom. */
  over(height: number, middles: readonly number[]): void {
    if (this.dragged === null) return;
    const own = this.ids().indexOf(this.dragged);
    // Its own place is left out: only the others are passed.
    this.target = middles.filter((middle, index) => index !== own && middle < height).length;
  }

  async drop(): Promise<void> {
    const { dragged, target } = this;
    this.dragged = null;
    this.target = null;
    if (dragged !== null && target !== null) await this.move(dragged, target);
  }

  cancel(): void {
    this.dragged = null;
    this.target = null;
  }

  /** One place up or down. */
  async step(id: string, by: 1 | -1): Promise<void> {
    await this.move(id, this.ids().indexOf(id) + by);
  }
}
