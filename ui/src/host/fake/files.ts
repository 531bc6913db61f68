/** The files of the pretend desk: drawn pictures, short texts, one invitation, and the same caution as the real one. */
import type { AttachmentInfo } from "../../gen/AttachmentInfo";
import type { AttachmentOpenArgs } from "../../gen/AttachmentOpenArgs";
import type { AttachmentOpened } from "../../gen/AttachmentOpened";
import type { FileKind } from "../../gen/FileKind";
import type { FileText } from "../../gen/FileText";
import type { Invitation } from "../../gen/Invitation";
import type { Risk } from "../../gen/Risk";
import { CallError } from "../types";
import { inFile, isToken } from "./given";
import type { FakeState } from "./state";

const KINDS: [RegExp, FileKind][] = [
  [/\.(jpg|png|gif|webp)$/, "picture"],
  [/\.(txt|csv)$/, "text"],
  [/\.eml$/, "mail"],
  [/\.ics$/, "invitation"],
];
const RISKS: [RegExp, Risk][] = [
  [/\.(exe|js)$/, "program"],
  [/\.docm$/, "macros"],
  [/\.html$/, "page"],
];

/** A file as the core would describe it. */
export function described(
  file: Pick<AttachmentInfo, "name" | "media_type" | "size">,
  part: number,
): AttachmentInfo {
  const kind = KINDS.find(([ending]) => ending.test(file.name))?.[1] ?? "other";
  const risk = RISKS.find(([ending]) => ending.test(file.name))?.[1] ?? null;
  return { ...file, part, inline: false, kind, risk };
}

function find(state: FakeState, messageId: string, part: number): AttachmentInfo {
  const message = isToken(messageId)
    ? inFile(messageId)
    : state.talk(messageId.split("-")[0] ?? "").messages.find((one) => one.id === messageId);
  const file = message?.attachments.find((one) => one.part === part);
  if (!file) throw new CallError("invalid", "This message has no such file.");
  return file;
}

/** A picture of leaves, another one for each part. */
export function picture(messageId: string, part: number): string {
  const turn = ((messageId.length + part) * 47) % 360;
  const leaf = `<path d="M80 150C20 110 40 40 80 20c40 20 60 90 0 130z" fill="hsl(${turn} 30% 45%)"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 160"><rect width="240" height="160" fill="hsl(${turn} 25% 88%)"/>${leaf}<g transform="translate(80 0)">${leaf}</g></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function open(state: FakeState, args: AttachmentOpenArgs): AttachmentOpened {
  const { risk } = find(state, args.message_id, args.part);
  return risk && !args.despite_risk ? { opened: false, risk } : { opened: true, risk: null };
}

export function text(state: FakeState, messageId: string, part: number): FileText {
  const file = find(state, messageId, part);
  return { text: `What stands in ${file.name}.\nLine two.`, cut: false, mail: null };
}

export function invitation(state: FakeState, messageId: string, part: number): Invitation | null {
  if (find(state, messageId, part).kind !== "invitation") return null;
  const at = new Date(state.now).setHours(18, 0, 0, 0) + 3 * 86_400_000;
  return {
    method: "request",
    cancelled: false,
    summary: "First aid in the studio",
    location: "Academy, Canal Street 22",
    start: { kind: "instant", at },
    end: { kind: "instant", at: at + 7_200_000 },
    zone: null,
    organiser: { name: "Academy for Studio Hygiene", address: "courses@academy.example" },
    repeats: null,
    more: 0,
  };
}
