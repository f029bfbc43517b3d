import { Parser } from "htmlparser2";
import type { Attributes } from "./html-attachment.ts";
import type { End } from "./html-containers.ts";
import { createElements } from "./html-elements.ts";
import type { RichText } from "./rich-text.ts";

/** UTF-16 units, blanks at the edges not counted; more than any service shows of one message. */
const MOST_TEXT = 20_000;
const MOST_ELEMENTS = 2000;
/** UTF-16 units of HTML that are read, so that markup without text costs little. */
const MOST_HTML = 200_000;
/** Read at once: what is too much is noticed after a piece. */
const PIECE = 4096;

/**
 * Reads a stranger's HTML as a person would: text, structure and links stay, all else goes. Links lead to absolute
 * http, https or mailto addresses; pictures and files become their captions. Takes linear time and never throws:
 * what is broken is read as far as it goes, and what is endless ends with an ellipsis.
 */
export function toRichText(html: string): RichText {
  const reader = createReader();
  const parser = new Parser(reader, { recognizeSelfClosing: true });
  const most = Math.min(html.length, MOST_HTML);
  let read = 0;
  while (read < most && !reader.isFull()) {
    parser.write(html.slice(read, read + PIECE));
    read += PIECE;
  }
  parser.end();
  return reader.finish(read < html.length);
}

/** What the parser calls, up to the limits. */
function createReader() {
  const { begin, text, flow } = createElements();
  const ends: End[] = [];
  let elements = 0;
  let room = MOST_TEXT;

  const isFull = () => room <= 0 || elements > MOST_ELEMENTS;

  return {
    isFull,
    onopentag(name: string, attributes: Attributes) {
      elements += 1;
      ends.push(isFull() ? () => {} : begin(name, attributes));
    },
    ontext(piece: string) {
      if (isFull()) return;
      text(piece.slice(0, room));
      // Blanks collapse: those of indented HTML must not use up what is there for text.
      room -= piece.trim().length;
    },
    onclosetag() {
      ends.pop()?.();
    },
    finish(isCut: boolean): RichText {
      if (isCut || isFull()) {
        flow.paragraph();
        flow.text("…");
      }
      return flow.finish();
    },
  };
}
