/** What happy-dom lacks of a browser, and a clean desk between tests. */
import { cleanup, configure } from "@testing-library/svelte";
import { afterEach } from "vitest";

// A busy machine may take its time; nothing waits this long where things work.
configure({ asyncUtilTimeout: 8_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
  location.hash = "";
});
