/**
 * The keyboard's focus never falls to nowhere: where what had it is taken away, disabled or hidden, what stands
 * next takes it, or what its surroundings name as their `data-home`. A pointer's focus is left alone, and so is whoever moves the focus on purpose.
 */
const STOPS = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]";

interface Step {
  parent: Element;
  /** The place among the parent's children through which the way to the focus led. */
  at: number;
}

/** The ways of the focus from now on; the answer ends it. */
export function keepFocus(page: Document): () => void {
  let last: HTMLElement | null = null;
  let way: Step[] = [];
  let asked = 0;

  function remember({ target }: FocusEvent): void {
    last = target instanceof HTMLElement && target.matches(":focus-visible") ? target : null;
    way = [];
    for (let child: Element | null = last; child?.parentElement; child = child.parentElement) {
      const parent = child.parentElement;
      way.push({ parent, at: [...parent.children].indexOf(child) });
    }
  }

  function look(): void {
    asked = 0;
    const now = page.activeElement;
    if (!last || (now && now !== page.body && now !== last)) return;
    const gone = last;
    if (gone.isConnected && !gone.matches(":disabled") && gone.checkVisibility()) return;
    last = null;
    goOn();
  }

  function goOn(): void {
    const main = page.getElementById("main");
    for (const { parent, at } of way) {
      if (!parent.isConnected) continue;
      // Another screen came: its beginning is the place, not the first entry that would swallow a shortcut.
      if (main && parent.contains(main)) break;
      // Where something is read or listed, the keys belong to that and not to a button beside it.
      const home = parent.querySelector<HTMLElement>("[data-home]");
      if (home?.checkVisibility()) {
        home.focus();
        return;
      }
      const children = [...parent.children];
      const next =
        children.slice(at).flatMap(stopsIn)[0] ?? children.slice(0, at).flatMap(stopsIn).at(-1) ?? null;
      if (next) {
        next.focus();
        return;
      }
    }
    main?.focus();
  }

  const observer = new MutationObserver(() => {
    // Whoever takes something away may move the focus itself, right after.
    if (last && asked === 0) asked = requestAnimationFrame(look);
  });
  const changes = {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["disabled", "class"],
  };
  observer.observe(page.body, changes);
  page.addEventListener("focusin", remember);
  return () => {
    observer.disconnect();
    page.removeEventListener("focusin", remember);
    cancelAnimationFrame(asked);
  };
}

function stopsIn(element: Element): HTMLElement[] {
  const all = [element, ...element.querySelectorAll(STOPS)];
  return all.filter(
    (one): one is HTMLElement =>
      one instanceof HTMLElement &&
      one.matches(STOPS) &&
      one.tabIndex >= 0 &&
      !one.matches(":disabled, [role=separator]") &&
      one.checkVisibility(),
  );
}
