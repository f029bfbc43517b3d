import { rocketchat as dialect } from "../markup/dialects.ts";
import { renderAttachments, textSizes } from "./attachments.ts";
import type { Service } from "./service.ts";

export const rocketchat: Service = {
  title: "Rocket.Chat",
  note: "Its own Markdown and attachments.",
  render: (sent) => renderAttachments(sent, dialect),
  // The default of the server's Message_MaxAllowedSize.
  sizes: (sent) => textSizes(sent, 5000),
};
