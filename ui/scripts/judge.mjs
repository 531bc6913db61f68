// What is wrong with a picture, as expressions a page evaluates: what axe finds serious, and what an enlarged window cuts off.

/** The window itself never moves: what does not fit scrolls inside it. */
export const TALL = `(() => {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight > clientHeight ? ["the page is taller than the window"] : [];
})()`;

/** What reaches beyond the edge, and words cut off without dots. Lists that scroll sideways on purpose are none. */
export const BEYOND = `(() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) found.push("the page is wider than the window");
  for (const one of document.querySelectorAll("body *")) {
    const style = getComputedStyle(one);
    if (one.matches(".unseen, .unseen *, iframe, svg, svg *") || style.visibility === "hidden") continue;
    const box = one.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const name = one.tagName.toLowerCase() + (one.className ? "." + String(one.className).split(" ")[0] : "");
    const words = (one.textContent ?? "").trim().slice(0, 40);
    if (["auto", "scroll"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1 && !one.matches("input, textarea, pre"))
      found.push(name + " scrolls sideways: " + words);
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!own) continue;
    if (box.right > wide + 1 || box.left < -1) found.push(name + " lies beyond the edge: " + words);
    const cut = style.overflowX !== "visible" && style.textOverflow !== "ellipsis" && one.scrollWidth > one.clientWidth + 1;
    if (cut && !one.matches("input, textarea, select")) found.push(name + " is cut off: " + words);
  }
  return [...new Set(found)];
})()`;

export const AXE = `axe.run(document, { iframes: false, rules: { region: { enabled: false } } }).then(({ violations }) => violations
  .filter((one) => one.impact === "serious" || one.impact === "critical")
  .map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ")).join(" | ")))`;
