import { both, type Check, type Problem, problem } from "../check/check.ts";
import { list, object, type Shape, tagged } from "../check/shapes.ts";
import { anything, boolean, text } from "../check/values.ts";
import { walk } from "../check/walk.ts";
import { toFields, toList, toText } from "../parse.ts";
import {
  accessory,
  actionElement,
  anyText,
  contextElement,
  imageSource,
  plainText,
  richTextElement,
} from "./elements.ts";

// docs.slack.dev, "Block Kit: blocks". All texts together have a limit of their own that is documented nowhere.
const MAX_BLOCKS = 50;
const MAX_TEXT_OF_BLOCKS = 13_200;

function block(required: Shape, optional: Shape = {}): Check {
  return object({ type: anything(), ...required }, { block_id: text({ max: 255 }), ...optional });
}

const hasTextOrFields: Check = (value, path) => {
  const { text: sectionText, fields } = toFields(value);
  return sectionText || fields ? [] : [problem([...path, "text"], "required", "missing required field: text")];
};

const section = both(
  block({}, { text: anyText(3_000), fields: list(anyText(2_000), 1, 10), accessory, expand: boolean() }),
  hasTextOrFields,
);

const image = both(
  block(
    { alt_text: text({ min: 1, max: 2_000 }) },
    { image_url: anything(), slack_file: anything(), title: plainText(2_000) },
  ),
  imageSource,
);

const anyBlock = tagged("type", {
  header: block({ text: plainText(150) }),
  section,
  context: block({ elements: list(contextElement, 1, 10) }),
  divider: block({}),
  image,
  actions: block({ elements: list(actionElement, 1, 25) }),
  rich_text: block({ elements: list(richTextElement) }),
});

function uniqueIds(name: string): Check {
  return (value, path) => {
    const ids = [...walk(value, path)].flatMap(({ node }) => (typeof node[name] === "string" ? [node[name]] : []));
    return new Set(ids).size === ids.length ? [] : [problem(path, "value", `\`${name}\` must be unique`)];
  };
}

const blocksCheck = both(list(anyBlock, 0, MAX_BLOCKS), uniqueIds("block_id"));

/** All that is wrong with a message's blocks, those inside attachments included. */
export function checkBlocks(payload: Record<string, unknown>): Problem[] {
  const own = payload.blocks === undefined ? [] : blocksCheck(payload.blocks, ["blocks"]);
  const attached = toList(payload.attachments).flatMap((attachment, index) => {
    const { blocks } = toFields(attachment);
    return blocks === undefined ? [] : blocksCheck(blocks, ["attachments", index, "blocks"]);
  });
  return [...own, ...attached];
}

/** Whether the texts of all blocks together are more than Slack takes. */
export function isTooLong(payload: Record<string, unknown>): boolean {
  let length = 0;
  for (const { node } of walk(payload.blocks)) length += toText(node.text).length;
  return length > MAX_TEXT_OF_BLOCKS;
}
