/** Short notes at the foot of the window, with at most one thing to press, gone by themselves. */
export interface Toast {
  id: number;
  text: string;
  tone: "done" | "bad";
  action: { label: string; run: () => void } | null;
}

const LASTS = { done: 6_000, bad: 10_000 };

export class Toasts {
  shown = $state.raw<Toast[]>([]);
  private next = 1;
  private timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(text: string, options: Partial<Pick<Toast, "tone" | "action">> = {}): number {
    const toast: Toast = { id: this.next++, text, tone: "done", action: null, ...options };
    // Two are enough to read; the oldest makes room.
    for (const old of this.shown.slice(0, -1)) this.drop(old.id);
    this.shown = [...this.shown, toast];
    this.resume(toast.id);
    return toast.id;
  }

  drop(id: number): void {
    this.hold(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  /** Stops the clock while the pointer or the focus is on it. */
  hold(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  resume(id: number): void {
    const toast = this.shown.find((one) => one.id === id);
    if (!toast || this.timers.has(id)) return;
    this.timers.set(
      id,
      setTimeout(() => this.drop(id), LASTS[toast.tone]),
    );
  }
}
