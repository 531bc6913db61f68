import { expect, test } from "vitest";
import { fakeHost } from "../../host/fake";
import { partners } from "./partners";

test("who wrote last stands first, who only received last, the person not at all", async () => {
  const host = fakeHost({});
  const found = await host.call("conversation", { id: "1" });
  const person = (address: string, own = false) => ({
    name: address,
    address,
    own,
    conversations: 1,
    recent: [],
  });
  const participants = [
    person("copied@else.example"),
    person("studio@deskbell.example", true),
    person("mara@voss.example"),
  ];
  expect(partners({ ...found, participants }).map((one) => one.address)).toEqual([
    "mara@voss.example",
    "copied@else.example",
  ]);
});

test("a note to oneself is with oneself", async () => {
  const host = fakeHost({});
  const found = await host.call("conversation", { id: "1" });
  const self = found.participants.filter((one) => one.own);
  expect(partners({ ...found, participants: self })).toEqual(self);
});
