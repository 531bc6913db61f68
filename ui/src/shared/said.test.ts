import { afterEach, expect, test } from "vitest";
import type { Said } from "../gen/Said";
import { CallError } from "../host/types";
import { failureText } from "./failure";
import { setLocale } from "./i18n.svelte";
import { told, why } from "./said";

afterEach(() => setLocale("en"));

const REFUSED: Said = {
  key: "enter-password",
  parts: {
    why: {
      key: "sign-in-refused",
      parts: { why: { key: "check-password", parts: { words: "[AUTHENTICATIONFAILED] No" } } },
    },
  },
};

test("a sentence within a sentence is said whole in the window's language", async () => {
  await setLocale("de");
  expect(told(REFUSED, "…")).toEqual({
    text: "Die Anmeldung wurde abgelehnt: prüfen Sie Benutzernamen und Passwort; viele Anbieter wollen ein App-Passwort ([AUTHENTICATIONFAILED] No). Geben Sie das Passwort noch einmal ein.",
    lang: undefined,
  });
});

test("the words of others stay as they are, marked as English", () => {
  expect(told(null, "Mailbox quota exceeded.")).toEqual({ text: "Mailbox quota exceeded.", lang: "en" });
  expect(told(null, null)).toBeNull();
});

test("a failure the window has words for is not quoted in English", async () => {
  await setLocale("de");
  const full: Said = { key: "disk-full", parts: {} };
  const known = new CallError("storage", "The disk is full.", [], full);
  expect(failureText(known)).toBe(
    "Die Festplatte ist voll; schaffen Sie Platz, dann geht es von selbst weiter.",
  );
  expect(why({ code: "storage", message: "x", said: full })?.lang).toBeUndefined();
  const foreign = new CallError("rejected", "Quota exceeded.");
  expect(failureText(foreign)).toContain("„Quota exceeded.“");
});
