import { toLine } from "../targets/text.ts";
import { toWebUrl } from "./web-url.ts";

export type Attributes = Readonly<Record<string, string | undefined>>;

/** What an element that stands for a file, a picture or a person tells, gathered from it and what is within it. */
export interface Attachment {
  text: string;
  alt: string;
  url: string | undefined;
  readonly isMention: boolean;
}

/** `bc-attachment` and `action-text-attachment` (Basecamp), `figure` (Trix), `img`. */
export function createAttachment(attributes: Attributes): Attachment {
  const attachment: Attachment = {
    text: "",
    alt: "",
    url: undefined,
    isMention: /mention/i.test(attributes["content-type"] ?? ""),
  };
  gather(attachment, attributes);
  return attachment;
}

/** Adds what an element within an attachment tells: what was told first counts. */
export function gather(attachment: Attachment, { href, url, src, caption, filename, alt }: Attributes): void {
  // Elements stand apart though no blank is between them.
  attachment.text += " ";
  attachment.url ??= toWebUrl(href) ?? toWebUrl(url) ?? toWebUrl(src);
  attachment.alt ||= toLine(caption ?? "") || toLine(filename ?? "") || toLine(alt ?? "");
}

/** What to call it: its caption, its name, else the name of the file that it leads to. Empty when there is none. */
export function toAttachmentText({ alt, text, url, isMention }: Attachment): string {
  const inside = toLine(text.replaceAll(/\s+/g, " "));
  if (isMention) return inside || alt;
  return alt || inside || toFileName(url);
}

function toFileName(url: string | undefined): string {
  if (url === undefined) return "";
  const name = new URL(url).pathname.split("/").at(-1) ?? "";
  return toLine(decode(name)) || "Attachment";
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stranger's address need not be well encoded; then it is shown as it is.
    return text;
  }
}
