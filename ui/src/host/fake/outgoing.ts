/** A message on its way before anything happened to it, for the pretend outbox and for tests. */
import type { Draft } from "../../gen/Draft";
import type { Outgoing } from "../../gen/Outgoing";

export function unsent(draft: Pick<Draft, "id" | "account_id" | "message_id" | "conversation_id">): Outgoing {
  return {
    id: draft.id,
    account_id: draft.account_id,
    via_account_id: null,
    message_id: draft.message_id,
    conversation_id: draft.conversation_id,
    state: "draft",
    recipients: [],
    subject: "",
    preview: "",
    not_before: 0,
    scheduled: false,
    attempts: 0,
    next_try: null,
    error: null,
    error_said: null,
    error_code: null,
    refused: [],
    rest: [],
    rest_next: null,
    lost: [],
    reports: [],
    left_at: null,
  };
}
