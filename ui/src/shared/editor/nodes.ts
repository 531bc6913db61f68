/** What a message may hold besides paragraphs, lists and emphasis: the signature as a block, images inside the text. */
import { Node } from "@tiptap/core";

/** A signature, so that another sender can bring its own in its place. */
export const Signature = Node.create({
  name: "signature",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({
    sender: {
      default: "",
      parseHTML: (element: HTMLElement) => element.dataset.signature ?? "",
      renderHTML: ({ sender }: { sender?: string }) => ({ "data-signature": sender ?? "" }),
    },
  }),
  parseHTML: () => [{ tag: "div[data-signature]" }],
  renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes, 0],
});

export interface PictureOptions {
  /** Where the window finds the picture of a `cid:`; `null` where it is not at hand. */
  source: (contentId: string) => string | null;
}

/** An image that travels with the message. Others are not taken in: they would be fetched from somewhere. */
export const InlinePicture = Node.create<PictureOptions>({
  name: "picture",
  group: "inline",
  inline: true,
  draggable: true,
  addOptions: () => ({ source: () => null }),
  addAttributes: () => ({ src: { default: "" }, alt: { default: "" }, width: { default: null } }),
  parseHTML: () => [{ tag: 'img[src^="cid:"]' }],
  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
  addNodeView() {
    return ({ node }) => {
      const { src, alt, width } = node.attrs as { src: string; alt: string; width: string | null };
      const found = this.options.source(src.slice("cid:".length));
      if (found === null) {
        const stand = document.createElement("span");
        stand.className = "picture-absent";
        stand.textContent = alt || "…";
        return { dom: stand };
      }
      const dom = document.createElement("img");
      dom.src = found;
      dom.alt = alt;
      if (width) dom.width = Number(width);
      return { dom };
    };
  },
});
