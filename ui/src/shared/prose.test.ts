import { describe, expect, test } from "vitest";
import {
  editable,
  htmlToText,
  isFormatted,
  joinText,
  signed,
  signedText,
  splitHtml,
  splitText,
  textToHtml,
} from "./prose";

const QUOTE = "<p>On Monday, Mara wrote:</p><blockquote><p>Hi</p></blockquote>";

describe("the quoted original", () => {
  test("is told from the text above it, with the line that introduces it", () => {
    const { head, quote } = splitHtml(`<p>Yes!</p><div data-signature="1"><p>Aylin</p></div>${QUOTE}`);
    expect(head).toBe('<p>Yes!</p><div data-signature="1"><p>Aylin</p></div>');
    expect(quote).toBe(QUOTE);
  });

  test("a quote the person made inside the text stays text", () => {
    const html = "<p>See:</p><blockquote><p>ours</p></blockquote><p>Yours</p>";
    expect(splitHtml(html)).toEqual({ head: html, quote: "" });
  });

  test("a line of the text that ends with a colon stays above a marked quote's own introduction", () => {
    expect(splitHtml("<p>Hi</p><div data-quote><p>x</p></div>")).toEqual({
      head: "<p>Hi</p>",
      quote: '<div data-quote=""><p>x</p></div>',
    });
  });

  test("in plain text it is what is marked at the end", () => {
    const split = splitText("Yes!\n\nMara wrote:\n> Hi\n>\n> there\n");
    expect(split.head).toBe("Yes!");
    expect(split.quote).toBe("Mara wrote:\n> Hi\n>\n> there\n");
    expect(joinText(split)).toBe("Yes!\n\nMara wrote:\n> Hi\n>\n> there\n");
    expect(splitText("no quote\n\n").quote).toBe("");
  });
});

describe("a quoted original opened for writing", () => {
  test("keeps the words of its tables apart, row by row, and images among them", () => {
    const rows = "<tr><td>Cut</td><td>40 €</td></tr><tr><td></td><td><img src='cid:a'></td></tr>";
    expect(editable(`<p>Prices:</p><table>${rows}</table>`)).toBe(
      '<p>Prices:</p><div><p>Cut | 40 €</p><p><img src="cid:a"></p></div>',
    );
  });

  test("makes parts of cells that hold paragraphs, however deep tables lie in each other", () => {
    const inner = "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>";
    expect(editable(`<table><tbody><tr><td>${inner}</td><td><p>c</p></td></tr></tbody></table>`)).toBe(
      "<div><div><div><p>a | b</p></div></div><div><p>c</p></div></div>",
    );
  });
});

describe("the signature", () => {
  test("is swapped where it stands", () => {
    const html = '<p>Hi</p><div data-signature="1"><p>Aylin</p></div>';
    expect(signed(html, "2", "<p>Studio</p>")).toBe('<p>Hi</p><div data-signature="2"><p>Studio</p></div>');
    expect(signed(html, "2", "")).toBe("<p>Hi</p>");
  });

  test("is put at the end where there was none", () => {
    expect(signed("<p>Hi</p>", "2", "<p>S</p>")).toBe(
      '<p>Hi</p><p></p><div data-signature="2"><p>S</p></div>',
    );
  });

  test("in plain text stands below its mark", () => {
    const first = signedText("Hi", "", "<p>Aylin</p>");
    expect(first).toBe("Hi\n\n-- \nAylin");
    expect(signedText(first, "<p>Aylin</p>", "<p>Studio</p>")).toBe("Hi\n\n-- \nStudio");
    expect(signedText(first, "<p>Aylin</p>", "")).toBe("Hi");
  });
});

describe("rich and plain", () => {
  test("lists, links, quotes and breaks are written as plain mail writes them", () => {
    const html =
      '<p>Hi <b>Mara</b>,<br>two things:</p><ul><li><p>one</p></li><li><p>two</p></li></ul><ol><li>a</li></ol><p><a href="https://x.example/map">the way</a></p><blockquote><p>quoted</p><p>twice</p></blockquote>';
    expect(htmlToText(html)).toBe(
      "Hi Mara,\ntwo things:\n\n- one\n- two\n\n1. a\n\nthe way <https://x.example/map>\n\n> quoted\n>\n> twice",
    );
  });

  test("plain text becomes paragraphs, and nothing in it becomes markup", () => {
    expect(textToHtml("a <b>\nb\n\nc & d")).toBe("<p>a &lt;b&gt;<br>b</p><p>c &amp; d</p>");
    expect(htmlToText(textToHtml("a\nb\n\nc"))).toBe("a\nb\n\nc");
  });

  test("only what would be lost counts as formatting", () => {
    expect(isFormatted('<p>Hi</p><div data-signature="1"><p><b>Aylin</b></p></div>')).toBe(false);
    expect(isFormatted("<p>Hi <strong>you</strong></p>")).toBe(true);
  });
});
