/** The sign of each list in the rail. */

import AlarmClock from "@lucide/svelte/icons/alarm-clock";
import Archive from "@lucide/svelte/icons/archive";
import CircleDot from "@lucide/svelte/icons/circle-dot";
import FilePen from "@lucide/svelte/icons/file-pen";
import Inbox from "@lucide/svelte/icons/inbox";
import Mails from "@lucide/svelte/icons/mails";
import OctagonAlert from "@lucide/svelte/icons/octagon-alert";
import Send from "@lucide/svelte/icons/send";
import Outbox from "@lucide/svelte/icons/send-horizontal";
import Star from "@lucide/svelte/icons/star";
import Trash from "@lucide/svelte/icons/trash-2";

export const GLYPHS = {
  inbox: Inbox,
  unread: CircleDot,
  starred: Star,
  sent: Send,
  drafts: FilePen,
  outbox: Outbox,
  snoozed: AlarmClock,
  archived: Archive,
  spam: OctagonAlert,
  trash: Trash,
  all: Mails,
};
