// A headless browser driven over its debugging port: opened on a page, asked, pressed, photographed, closed.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** Their codes, and the letter that those bring which are more than a sign. */
const KEYS = {
  Enter: [13, "\r"],
  Escape: [27],
  ArrowLeft: [37],
  ArrowUp: [38],
  ArrowRight: [39],
  ArrowDown: [40],
  Home: [36],
  Tab: [9],
};
const MODIFIERS = { alt: 1, ctrl: 2, meta: 4, shift: 8 };

/** The browser of this machine; `null` where there is none. */
export function findBrowser() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const places = (process.env.PATH ?? "").split(":").flatMap((dir) => NAMES.map((name) => join(dir, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

export async function openBrowser(program) {
  const home = mkdtempSync(join(tmpdir(), "deskbell-look-"));
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0"];
  const child = spawn(program, [...args, `--user-data-dir=${home}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  // It says where it listens as soon as it does.
  const port = await new Promise((resolve, reject) => {
    child.on("exit", () => reject(new Error(`${program} ended before it could be used`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      const found = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line);
      if (found) resolve(found[1]);
    });
  });
  const pages = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const socket = new WebSocket(pages.find((one) => one.type === "page").webSocketDebuggerUrl);
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  const waiting = new Map();
  const problems = [];
  let next = 0;
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.id) {
      waiting.get(message.id)?.(message.result ?? {});
      waiting.delete(message.id);
    } else if (message.method === "Runtime.exceptionThrown") {
      const { exceptionDetails: details } = message.params;
      problems.push(details.exception?.description ?? details.text);
    }
  });
  const call = (method, params = {}) =>
    new Promise((resolve) => {
      const id = ++next;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await call("Runtime.enable");
  await call("Page.enable");

  async function evaluate(expression) {
    const answer = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) {
      throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
    }
    return answer.result?.value;
  }

  return {
    /** Exceptions of the page since it was last asked. */
    problems: () => problems.splice(0),
    evaluate,
    go: (url) => call("Page.navigate", { url }),
    /** `zoom` 2: everything twice its size on a screen of the same pixels. */
    async size(width, height, zoom, theme) {
      const metrics = { width: Math.round(width / zoom), height: Math.round(height / zoom) };
      await call("Emulation.setDeviceMetricsOverride", { ...metrics, deviceScaleFactor: zoom, mobile: false });
      const features = [
        { name: "prefers-color-scheme", value: theme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ];
      await call("Emulation.setEmulatedMedia", { features });
    },
    /** "j", "?", "Tab", "shift+Tab", "ctrl+Enter". */
    async press(keys) {
      const parts = keys.length > 1 ? keys.split("+") : [keys];
      const key = parts.pop();
      const modifiers = parts.reduce((sum, name) => sum + MODIFIERS[name], 0);
      const [code, letter] = KEYS[key] ?? [key.toUpperCase().charCodeAt(0), key];
      const text = modifiers & ~MODIFIERS.shift ? undefined : letter;
      const event = { key, modifiers, windowsVirtualKeyCode: code, ...(KEYS[key] ? { code: key } : {}) };
      await call("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...event });
      await call("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    },
    write: (text) => call("Input.insertText", { text }),
    picture: async () => Buffer.from((await call("Page.captureScreenshot", { format: "png" })).data, "base64"),
    /** Waits until an expression is true; says which one where it never is. */
    async until(expression) {
      const deadline = Date.now() + 20_000;
      while (!(await evaluate(expression))) {
        if (Date.now() > deadline) throw new Error(`never true: ${expression}`);
        await evaluate("new Promise((next) => requestAnimationFrame(next))");
      }
    },
    async close() {
      socket.close();
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill();
      await ended;
      try {
        rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      } catch {
        // Its helpers may still write there; what is left lies where the system clears up.
      }
    },
  };
}
