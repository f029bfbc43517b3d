import { html } from "../html.ts";
import { renderBlocks } from "../markup/blocks.ts";
import { zulip as dialect } from "../markup/dialects.ts";
import { toFields, toText } from "../values.ts";
import { post } from "./chrome.ts";
import type { Service } from "./service.ts";

export const zulip: Service = {
  title: "Zulip",
  note: "Zulip's Markdown; the topic is the thread.",
  render: ({ payload }) => {
    const { to, topic, content } = toFields(payload);
    return html`<div class="channel"><b>#${toText(to)}</b> › ${toText(topic)}</div>
${post("Hookline", "bot", renderBlocks(toText(content), dialect))}`;
  },
  // zulip.com/api/send-message, in code points.
  sizes: ({ payload }) => {
    const { topic, content } = toFields(payload);
    return [
      { what: "content", size: [...toText(content)].length, max: 10_000 },
      { what: "topic", size: [...toText(topic)].length, max: 60 },
    ];
  },
};
