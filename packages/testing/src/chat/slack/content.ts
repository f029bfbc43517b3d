import { toPointer } from "../check/check.ts";
import { list, object } from "../check/shapes.ts";
import { text } from "../check/values.ts";
import { type Fields, toList } from "../parse.ts";
import { attachmentCheck } from "../text/attachments.ts";
import { checkBlocks, isTooLong } from "./blocks.ts";

// docs.slack.dev, "chat.postMessage": longer texts are cut or refused; more attachments are refused.
const MAX_TEXT = 40_000;
const MAX_ATTACHMENTS = 100;

export interface ContentError {
  error: string;
  /** What the Web API tells besides. */
  details?: string[];
}

const textCheck = object({}, { text: text() }, "ignored");
const attachmentsCheck = list(attachmentCheck());

/** What Slack has against a message's content, on either way in. */
export function checkContent(payload: Fields): ContentError | undefined {
  const { text: message, blocks, attachments } = payload;
  if (textCheck(payload, []).length > 0) return { error: "invalid_payload" };
  if (blocks !== undefined && !Array.isArray(blocks)) return { error: "invalid_blocks_format" };
  const problems = checkBlocks(payload);
  if (problems.length > 0) {
    const details = problems.map((problem) => `${problem.message} [json-pointer:${toPointer(problem.path)}]`);
    return { error: "invalid_blocks", details };
  }
  if (attachments !== undefined && attachmentsCheck(attachments, []).length > 0)
    return { error: "invalid_attachments" };
  if (toList(attachments).length > MAX_ATTACHMENTS) return { error: "too_many_attachments" };
  if (typeof message === "string" && message.length > MAX_TEXT) return { error: "msg_too_long" };
  if (isTooLong(payload)) return { error: "msg_blocks_too_long" };
  const isEmpty = !message && toList(blocks).length === 0 && toList(attachments).length === 0;
  return isEmpty ? { error: "no_text" } : undefined;
}
