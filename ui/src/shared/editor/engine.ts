/**
 * The rich text editor: what it can hold, and how files and keys reach it. Loaded when first needed; nothing else
 * of the window knows TipTap.
 */
import { Editor, Extension } from "@tiptap/core";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Placeholder } from "@tiptap/extensions";
import { Plugin } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import StarterKit from "@tiptap/starter-kit";
import { InlinePicture, Signature } from "./nodes";
import { filesMeant } from "./pasted";

export type { Editor } from "@tiptap/core";

export interface EngineOptions {
  element: HTMLElement;
  html: string;
  label: string;
  lang: string;
  placeholder: string;
  source: (contentId: string) => string | null;
  changed: (html: string) => void;
  /** Something about the selection changed: the buttons look again. */
  moved: () => void;
  /** Files pasted or dropped; whether they were taken. */
  files: (files: File[]) => boolean;
  /** A word that began with `;` ended with a blank or Tab; whether a template takes its place. */
  shortcut: (word: string) => boolean;
  /** Ctrl K on chosen words: the person wants to say where they lead. */
  link: () => void;
  /** The editor keeps Enter and Escape to itself: whether its surroundings have a use for them. */
  key: (key: OuterKey) => boolean;
}

export type OuterKey = "Mod-Enter" | "Mod-Shift-Enter" | "Escape";
const OUTER: readonly OuterKey[] = ["Mod-Enter", "Mod-Shift-Enter", "Escape"];

/** Ctrl Enter would break the line, too; it sends. */
const Break = HardBreak.extend({
  addKeyboardShortcuts() {
    return { "Shift-Enter": () => this.editor.commands.setHardBreak() };
  },
});

/** What stands before the cursor in its paragraph, back to the last blank. */
function wordBefore(editor: Editor): string {
  const { $from, empty } = editor.state.selection;
  if (!empty) return "";
  const before = $from.parent.textBetween(0, $from.parentOffset, " ", " ");
  return before.split(/\s/).at(-1) ?? "";
}

/** Variables of templates stand out: one that is still there when a message is sent was meant to be filled in. */
const Variables = Extension.create({
  name: "variables",
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        decorations({ doc }) {
          const found: Decoration[] = [];
          doc.descendants((node, at) => {
            for (const match of node.text?.matchAll(/\{\{\s*[\w.]+\s*\}\}/g) ?? []) {
              const from = at + match.index;
              found.push(Decoration.inline(from, from + match[0].length, { class: "variable" }));
            }
          });
          return DecorationSet.create(doc, found);
        },
      },
    }),
  ],
});

/** The keys of the text, and its `;shortcuts`. */
function keys(options: EngineOptions) {
  return Extension.create({
    name: "deskbell",
    priority: 1_000,
    addKeyboardShortcuts() {
      const shortcut = () => {
        const word = wordBefore(this.editor);
        return word.length > 1 && word.startsWith(";") && options.shortcut(word);
      };
      const link = () => {
        const aimed = !this.editor.state.selection.empty || this.editor.isActive("link");
        if (aimed) options.link();
        return aimed;
      };
      const outer = OUTER.map((key) => [key, () => options.key(key)] as const);
      return { ...Object.fromEntries(outer), Tab: shortcut, Space: shortcut, "Mod-k": link };
    },
    addProseMirrorPlugins() {
      const taken = (files: File[]) => files.length > 0 && options.files(files);
      return [
        new Plugin({
          props: {
            handlePaste: (_view, event) => taken(filesMeant(event.clipboardData)),
            handleDrop: (_view, event) => {
              const done = taken([...(event.dataTransfer?.files ?? [])]);
              if (done) event.stopPropagation();
              return done;
            },
          },
        }),
      ];
    },
  });
}

export function openEditor(options: EngineOptions): Editor {
  return new Editor({
    element: options.element,
    content: options.html,
    // Messages carry no styles of ours, and the policy of the window allows no foreign ones.
    injectCSS: false,
    extensions: [
      StarterKit.configure({
        code: false,
        codeBlock: false,
        hardBreak: false,
        trailingNode: false,
        heading: { levels: [2, 3] },
        link: {
          openOnClick: false,
          defaultProtocol: "https",
          HTMLAttributes: { target: null, rel: null },
          protocols: ["mailto", "tel"],
        },
      }),
      Break,
      Placeholder.configure({ placeholder: options.placeholder, showOnlyWhenEditable: false }),
      Signature,
      InlinePicture.configure({ source: options.source }),
      Variables,
      keys(options),
    ],
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": options.label,
        spellcheck: "true",
        lang: options.lang,
        class: "prose",
      },
    },
    onUpdate: ({ editor }) => options.changed(editor.getHTML()),
    onTransaction: options.moved,
  });
}
