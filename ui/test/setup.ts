/** What happy-dom lacks of a browser, and a clean desk between tests. */
import { cleanup } from "@testing-library/svelte";
import { afterEach } from "vitest";

afterEach(() => {
  cleanup();
  localStorage.clear();
  location.hash = "";
});
