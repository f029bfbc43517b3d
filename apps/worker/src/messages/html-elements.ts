import { type Attachment, type Attributes, createAttachment, gather, toAttachmentText } from "./html-attachment.ts";
import type { End } from "./html-containers.ts";
import { createFlow, type Flow } from "./html-flow.ts";
import { type ElementRole, toRole } from "./html-roles.ts";
import { toLinkUrl } from "./web-url.ts";

/** A page's elements and texts in their order. */
export interface Elements {
  begin(name: string, attributes: Attributes): End;
  text(text: string): void;
  readonly flow: Flow;
}

/** What becomes of text: it flows, is kept as it is, belongs to an attachment, or goes. */
type Mode =
  | { readonly type: "flow" }
  | { readonly type: "preformatted"; text: string }
  | { readonly type: "attachment"; readonly attachment: Attachment }
  | { readonly type: "dropped" };

const nothing: End = () => {};

export function createElements(): Elements {
  const flow = createFlow();
  let mode: Mode = { type: "flow" };

  const enter = (next: Mode, end: End): End => {
    mode = next;
    return () => {
      mode = { type: "flow" };
      end();
    };
  };

  const beginInFlow = (role: ElementRole, attributes: Attributes): End => {
    switch (role) {
      case "dropped":
        return enter({ type: "dropped" }, nothing);
      case "preformatted": {
        const preformatted = { type: "preformatted" as const, text: "" };
        return enter(preformatted, () => flow.code(preformatted.text));
      }
      case "image":
      case "attachment": {
        const attachment = createAttachment(attributes);
        return enter({ type: "attachment", attachment }, () => addAttachment(flow, attachment, role));
      }
      default:
        return beginFlow(flow, role, attributes);
    }
  };

  return {
    flow,
    begin(name, attributes) {
      if (mode.type === "flow") return beginInFlow(toRole(name, attributes), attributes);
      if (mode.type === "preformatted" && name === "br") mode.text += "\n";
      if (mode.type === "attachment") gather(mode.attachment, attributes);
      return nothing;
    },
    text(text) {
      if (mode.type === "flow") flow.text(text);
      if (mode.type === "preformatted") mode.text += text;
      if (mode.type === "attachment") mode.attachment.text += text;
    },
  };
}

type FlowRole = Exclude<ElementRole, "dropped" | "preformatted" | "image" | "attachment">;

function beginFlow(flow: Flow, role: FlowRole, attributes: Attributes): End {
  switch (role) {
    case "paragraph":
      return flow.paragraph();
    case "heading":
      return flow.heading();
    case "quote":
      return flow.quote();
    case "unordered":
    case "ordered":
      return flow.list(role === "ordered");
    case "item":
      return flow.item();
    case "cell":
      flow.cell();
      return nothing;
    case "rule":
      flow.rule();
      return nothing;
    case "break":
      flow.lineBreak();
      return nothing;
    case "link": {
      const url = toLinkUrl(attributes.href);
      return url === undefined ? nothing : flow.mark({ type: "link", url });
    }
    case "strong":
    case "emphasis":
    case "strike":
    case "code":
      return flow.mark({ type: role });
    case "inline":
      return nothing;
  }
}

/** A picture or a person stands within the text, a file for itself. */
function addAttachment(flow: Flow, attachment: Attachment, role: "image" | "attachment"): void {
  const { url, isMention } = attachment;
  const endParagraph = role === "attachment" && !isMention ? flow.paragraph() : nothing;
  const endLink = url === undefined || isMention ? nothing : flow.mark({ type: "link", url });
  flow.text(toAttachmentText(attachment));
  endLink();
  endParagraph();
}
