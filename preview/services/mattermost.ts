import { mattermost as dialect } from "../markup/dialects.ts";
import { renderAttachments, textSizes } from "./attachments.ts";
import type { Service } from "./service.ts";

export const mattermost: Service = {
  title: "Mattermost",
  note: "Markdown and attachments.",
  render: (sent) => renderAttachments(sent, dialect),
  // developers.mattermost.com, "Incoming webhooks".
  sizes: (sent) => textSizes(sent, 16_383),
};
