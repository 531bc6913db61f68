// What a walk needs inside the page: who has the focus, whether it can be seen, and who has not had it. Runs there as
// a whole, so nothing from outside this function may be used in it.

export function feet() {
  const KINDS = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]";
  const numbers = new WeakMap();
  const had = new Set();
  /** How each looked while it had the focus. */
  const looks = new Map();
  let next = 0;

  const idOf = (one) => numbers.get(one) ?? (numbers.set(one, (next += 1)), next);
  const dialogs = () => [...document.querySelectorAll("dialog[open]")];
  const ground = () => dialogs().at(-1) ?? document.body;
  const active = () => (document.activeElement === document.body ? null : document.activeElement);
  const nameOf = (one) => {
    const words = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || one.id;
    return `${one.tagName.toLowerCase()} “${words.trim().replace(/\s+/g, " ").slice(0, 50)}”`;
  };
  /** What stands for it on the screen: a hidden radio button shows as its label. */
  const faceOf = (one) => (one.matches(".unseen") ? (one.closest("label") ?? one) : one);
  const onScreen = (one) => {
    const { width, height } = one.getBoundingClientRect();
    return width > 0 && height > 0 && one.checkVisibility({ visibilityProperty: true });
  };

  /** Tab comes to one button of a radio group: the chosen one. */
  function stops() {
    const groups = new Set();
    return [...ground().querySelectorAll(KINDS)].filter((one) => {
      if (one.tabIndex < 0 || one.matches(":disabled") || one.closest("[inert]") || !onScreen(one)) return false;
      if (one.type !== "radio") return true;
      const group = [...ground().querySelectorAll("input[type=radio]")].filter(({ name }) => name === one.name);
      const chosen = group.find(({ checked }) => checked) ?? group[0];
      return chosen === one && !groups.has(one.name) && groups.add(one.name);
    });
  }

  /** Everything by which a focus is shown, on it, close around it, and on what it points to. */
  function look(one) {
    const pointed = document.getElementById(one.getAttribute("aria-activedescendant") ?? "");
    const around = [one, one.nextElementSibling, pointed];
    for (let at = one.parentElement, far = 0; at && far < 3; at = at.parentElement, far += 1) {
      if (at.querySelectorAll(KINDS).length <= 8) around.push(at);
    }
    return around
      .filter(Boolean)
      .flatMap((at) => [null, "::before", "::after"].map((part) => getComputedStyle(at, part)))
      .map((style) => {
        const outline = style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor;
        return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join(" ");
      })
      .join("\n");
  }

  /** Whether it lies where it can be seen, and nothing over it. */
  function hidden(one) {
    const face = faceOf(one);
    const box = face.getClientRects()[0] ?? face.getBoundingClientRect();
    const left = Math.max(0, box.left);
    const top = Math.max(0, box.top);
    const right = Math.min(innerWidth, box.right);
    const bottom = Math.min(innerHeight, box.bottom);
    if (right - left < Math.min(4, box.width) || bottom - top < Math.min(4, box.height)) return "lies off the screen";
    // One free place is enough: a note may lie over a corner of a large thing.
    const places = [0.5, 0.15, 0.85].flatMap((x) => [0.5, 0.15, 0.85].map((y) => [x, y]));
    const free = places.some(([x, y]) => {
      const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      return hit && (face.contains(hit) || hit.closest("label")?.contains(face) || face.closest("label")?.contains(hit));
    });
    return free ? null : "is covered or cut off";
  }

  globalThis.feet = {
    inDialog: () => dialogs().length > 0,
    dialogs: () => dialogs().length,
    inside: () => ground().contains(document.activeElement),
    /** A round begins at the top of the page; in a dialog, wherever the focus is. */
    top() {
      if (dialogs().length > 0) return;
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
      document.activeElement?.blur();
    },
    /** Who has the focus now, and what is wrong with that; `null`: nobody. */
    step() {
      const one = active();
      if (!one) return null;
      const found = [];
      had.add(one);
      // In a text the cursor shows it.
      if (!one.matches("iframe, [contenteditable=true]")) looks.set(one, look(one));
      if (!ground().contains(one)) found.push(`the focus leaves the dialog for ${nameOf(one)}`);
      const why = hidden(one);
      if (why) found.push(`${nameOf(one)} has the focus and ${why}`);
      const patient = one.matches("iframe, input[type=date], input[type=time], video, audio");
      return { id: idOf(one), name: nameOf(one), patient, found };
    },
    missing: () => stops().filter((one) => !had.has(one)).map(nameOf),
    /** Those that look the same with the focus and without it. */
    unseen() {
      document.activeElement?.blur();
      return [...looks]
        .filter(([one, before]) => one.isConnected && onScreen(one) && look(one) === before)
        .map(([one]) => `${nameOf(one)} does not show that it has the focus`);
    },
    /** What moves by arrows, and by which. */
    moving() {
      const all = [...ground().querySelectorAll("[role=grid], [role=combobox][aria-expanded=true], [role=toolbar]")];
      return all.flatMap((one) => {
        if (!onScreen(one)) return [];
        if (one.matches("[role=toolbar]")) return one.querySelector("[tabindex='-1']") ? [[nameOf(one), "ArrowRight"]] : [];
        const list = one.matches("[role=grid]") ? one : document.getElementById(one.getAttribute("aria-controls") ?? "");
        return (list?.querySelectorAll("[role=row], [role=option]").length ?? 0) > 1 ? [[nameOf(one), "ArrowDown"]] : [];
      });
    },
    goTo(name) {
      const one = [...ground().querySelectorAll("[role]")].find((at) => nameOf(at) === name);
      (one.matches("[role=toolbar]") ? one.querySelector("button:not([tabindex='-1'])") : one).focus();
      return this.front();
    },
    front: () => `${document.activeElement?.getAttribute("aria-activedescendant")} ${idOf(document.activeElement)}`,
    /** Whether what had the focus before the dialog has it again: `null`, or who has it. */
    gaveBack() {
      const { before } = globalThis;
      const now = document.activeElement ?? document.body;
      // Where nobody had it, the content is as good a place.
      if (now === before || (before === document.body && now.id === "main")) return null;
      if (!before.isConnected || before.matches(":disabled")) return now === document.body ? "nobody has it" : null;
      return now === document.body ? "nobody has it" : `${nameOf(now)} has it`;
    },
  };
}
