/**
 * The subject a template brings. One of the person's own, or of those who are answered, is never replaced without a
 * word; one that another template brought is.
 */
import { t } from "../../shared/i18n.svelte";
import type { OpenDraft } from "../../stores/draft.svelte";
import type { Toasts } from "../../stores/toasts.svelte";

export class BroughtSubject {
  private brought = "";

  constructor(private readonly toasts: Toasts) {}

  propose(draft: OpenDraft, subject: string): void {
    if (subject === "" || subject === draft.subject) return;
    const use = () => {
      this.brought = subject;
      draft.subject = subject;
      draft.touch();
    };
    if (draft.subject.trim() === "" || draft.subject === this.brought) {
      use();
      return;
    }
    const action = { label: t("template-subject-use"), run: use };
    this.toasts.show(t("template-subject-kept", { subject }), { action });
  }
}
