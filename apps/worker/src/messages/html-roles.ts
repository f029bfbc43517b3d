import type { Attributes } from "./html-attachment.ts";

/** What an element does to what stands in it. */
export type ElementRole = (typeof elements)[number][0] | "inline";

const elements = [
  ["dropped", "script style template noscript iframe object svg math select title"],
  ["preformatted", "pre xmp listing plaintext"],
  ["image", "img"],
  ["attachment", "bc-attachment action-text-attachment"],
  ["paragraph", "div p article section header footer main nav aside address figure figcaption center form fieldset"],
  ["paragraph", "details summary dl dt dd table caption thead tbody tfoot tr bc-gallery"],
  ["heading", "h1 h2 h3 h4 h5 h6"],
  ["quote", "blockquote"],
  ["unordered", "ul menu"],
  ["ordered", "ol"],
  ["item", "li"],
  ["cell", "td th"],
  ["rule", "hr"],
  ["break", "br"],
  ["link", "a"],
  ["strong", "b strong"],
  ["emphasis", "i em"],
  ["strike", "s strike del"],
  ["code", "code kbd samp tt"],
] as const;

const roles = new Map<string, ElementRole>(
  elements.flatMap(([role, tags]) => tags.split(" ").map((tag) => [tag, role] as const)),
);

/** An unknown element is read as if only its text were there. */
export function toRole(name: string, attributes: Attributes): ElementRole {
  // How Trix writes a file that was dropped into the text.
  if (name === "figure" && attributes["data-trix-attachment"] !== undefined) return "attachment";
  return roles.get(name) ?? "inline";
}
