// The window with the pretend desk in it, built once and served to browsers on this machine.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { build } from "vite";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** Answers where it is served; `/blank` is an empty page of the same origin. */
export async function servePages(ui) {
  process.env.NODE_ENV = "development";
  const built = mkdtempSync(join(tmpdir(), "deskbell-window-"));
  // The development build holds the pretend desk.
  await build({ root: ui, mode: "development", logLevel: "warn", build: { outDir: built, emptyOutDir: true } });
  const server = createServer((request, answer) => {
    const path = new URL(request.url, "http://localhost").pathname;
    try {
      const body = path === "/blank" ? "" : readFileSync(join(built, path === "/" ? "index.html" : path));
      const type = TYPES[extname(path)] ?? "text/html";
      // Their names tell what is in them: a browser reads and compiles each once, not once for every screen.
      const kept = path.startsWith("/assets/") ? { "cache-control": "max-age=3600, immutable" } : {};
      answer.writeHead(200, { "content-type": type, ...kept }).end(body);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close();
      rmSync(built, { recursive: true, force: true });
    },
  };
}
