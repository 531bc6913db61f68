// The page of one's own that a sign-in may come back by (docs/hand-back.html): it hands on, and keeps nothing.
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it, vi } from "vitest";

const html = readFileSync("../docs/hand-back.html", "utf8");
const script = html.split("<script>")[1]?.split("</script>")[0] ?? "";
const body = html.split("<body>")[1]?.split("<script>")[0] ?? "";

function show(search: string, language = "en-GB") {
  document.body.innerHTML = body;
  const history = { replaceState: vi.fn() };
  const run = new Function("location", "history", "navigator", script);
  run({ search, pathname: "/signed-in" }, history, { language });
  const part = (id: string) => document.getElementById(id) as HTMLElement;
  return { part, history };
}

describe("the page that hands an answer back", () => {
  beforeEach(() => {
    document.documentElement.lang = "en";
  });

  it("offers the link and the text, and takes the answer out of the address line", () => {
    const { part, history } = show("?code=4%2F0A&scope=x&state=s-1");
    expect(part("answer").hidden).toBe(false);
    expect(part("nothing").hidden).toBe(true);
    expect(part("open").getAttribute("href")).toBe("deskbell://oauth/callback?code=4%2F0A&scope=x&state=s-1");
    expect((part("text") as HTMLTextAreaElement).value).toBe("code=4%2F0A&scope=x&state=s-1");
    expect(history.replaceState).toHaveBeenCalledWith(null, "", "/signed-in");
  });

  it("hands on what was refused too, and says so where there is nothing", () => {
    expect(show("?error=access_denied&state=s-1").part("answer").hidden).toBe(false);
    for (const search of ["", "?code=1", "?state=s-1"]) {
      const { part, history } = show(search);
      expect(part("answer").hidden).toBe(true);
      expect(part("nothing").hidden).toBe(false);
      expect(history.replaceState).not.toHaveBeenCalled();
    }
  });

  it("speaks German where the browser does", () => {
    const { part } = show("?code=1&state=2", "de-AT");
    expect(part("title").textContent).toBe("Zurück zu Deskbell");
    expect(document.documentElement.lang).toBe("de");
  });

  it("loads nothing and sends nothing", () => {
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/\b(?:src|action)=|fetch\(|XMLHttpRequest|sendBeacon|@import|url\(/);
  });
});
