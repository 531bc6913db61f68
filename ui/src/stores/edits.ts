/** What an edit makes of a conversation's row, before the store has said so. Pure. */
import type { ConversationRow } from "../gen/ConversationRow";
import type { Edit } from "../gen/Edit";

/** Views that show where a conversation lies; the others follow from its marks. */
const PLACES = ["inbox", "archived", "spam", "trash"];

function moved(row: ConversationRow, place: string): ConversationRow {
  const views = row.views.filter((view) => !PLACES.includes(view));
  const hidden = place === "trash" || place === "spam";
  return {
    ...row,
    pending: true,
    views: hidden ? [place] : [...new Set([...views, place, "all"])],
  };
}

function marked(row: ConversationRow, view: string, on: boolean): string[] {
  const views = row.views.filter((one) => one !== view);
  return on ? [...views, view] : views;
}

export function edited(row: ConversationRow, edit: Edit): ConversationRow {
  switch (edit) {
    case "read":
      return { ...row, unread: 0, views: marked(row, "unread", false) };
    case "unread":
      return { ...row, unread: Math.max(1, row.unread), views: marked(row, "unread", true) };
    case "star":
      return { ...row, starred: true, views: marked(row, "starred", true) };
    case "unstar":
      return { ...row, starred: false, views: marked(row, "starred", false) };
    case "archive":
      return moved(row, "archived");
    case "inbox":
    case "trash":
    case "spam":
      return moved(row, edit);
  }
}

/** Whether an edit takes conversations out of the place they lie in. */
export function moves(edit: Edit): boolean {
  return edit === "archive" || edit === "inbox" || edit === "trash" || edit === "spam";
}
