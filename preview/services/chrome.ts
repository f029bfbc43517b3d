import { type Html, html } from "../html.ts";

/** A message with its sender, as chat services show it beside the conversation. */
export function post(name: string, badge: string, body: Html): Html {
  return html`<div class="post"><div class="avatar">H</div><div class="said">
<div class="sender"><b>${name}</b> <span class="badge">${badge}</span> <time>12:00</time></div>${body}</div></div>`;
}

/** Initials in place of a picture: the page loads nothing. */
export function initials(name: string): Html {
  const [first = "?"] = name.trim();
  return html`<span class="initials">${first}</span>`;
}
