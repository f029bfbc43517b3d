import { both, type Check, type Problem, problem } from "../check/check.ts";
import { exactlyOne, list, object } from "../check/shapes.ts";
import { anything, boolean, integer, oneOf, text, url } from "../check/values.ts";
import { toFields, toList, toText } from "../parse.ts";

// developers.google.com/workspace/chat/api/reference/rest/v1/cards
const MAX_WIDGETS = 100;

const onClick = exactlyOne({
  openLink: object({ url: url() }, { openAs: text(), onClose: text() }),
  action: anything(),
});
const icon = exactlyOne(
  {
    knownIcon: text({ min: 1 }),
    iconUrl: url(),
    materialIcon: object({ name: text({ min: 1 }) }, { fill: boolean() }),
  },
  { altText: text(), imageType: oneOf("SQUARE", "CIRCLE") },
);
const button: Check = both(
  object({ onClick }, { text: text(), icon, color: anything(), disabled: boolean(), altText: text(), type: text() }),
  (value, path) => {
    const { text: label, icon: picture } = toFields(value);
    return toText(label) !== "" || picture ? [] : [problem(path, "required", "Button must have text or an icon")];
  },
);

const widget = exactlyOne(
  {
    textParagraph: object({ text: text({ min: 1 }) }, { maxLines: integer(0, 10_000), textSyntax: text() }),
    decoratedText: object(
      { text: text({ min: 1 }) },
      {
        ...{ topLabel: text(), bottomLabel: text(), wrapText: boolean() },
        ...{ icon, startIcon: icon, endIcon: icon, button, onClick },
        ...{ topLabelText: anything(), contentText: anything(), bottomLabelText: anything() },
      },
    ),
    buttonList: object({ buttons: list(button, 1) }),
    divider: object({}),
    image: object({ imageUrl: url() }, { altText: text(), onClick }),
  },
  { horizontalAlignment: oneOf("START", "CENTER", "END") },
);

const section = object(
  { widgets: list(widget, 1) },
  {
    header: text(),
    collapsible: boolean(),
    uncollapsibleWidgetsCount: integer(0, MAX_WIDGETS),
    collapseControl: anything(),
  },
);
const header = object(
  { title: text({ min: 1 }) },
  { subtitle: text(), imageUrl: url(), imageType: oneOf("SQUARE", "CIRCLE"), imageAltText: text() },
);
const card = object(
  { sections: list(section, 1) },
  { header, name: text(), sectionDividerStyle: text(), displayStyle: text(), fixedFooter: anything() },
);

const message = object(
  {},
  {
    text: text(),
    fallbackText: text(),
    cardsV2: list(object({ card }, { cardId: text({ max: 64 }) })),
    thread: object({}, { name: text(), threadKey: text({ max: 4_000 }) }),
    accessoryWidgets: list(exactlyOne({ buttonList: object({ buttons: list(button, 1) }) })),
  },
);

const uniqueCardIds: Check = (value, path) => {
  const cards = toList(toFields(value).cardsV2);
  const ids = new Set(cards.map((entry) => toText(toFields(entry).cardId)).filter((id) => id !== ""));
  if (cards.length < 2 || ids.size === cards.length) return [];
  return [problem([...path, "cardsV2"], "value", "cardId must be unique")];
};

/** All that is wrong with a message. */
export function checkMessage(payload: unknown): Problem[] {
  return both(message, uniqueCardIds)(payload, []);
}

/** Lengths of cards that have more widgets than are shown. */
export function countCutWidgets(payload: Record<string, unknown>): number[] {
  return toList(payload.cardsV2)
    .map((entry) => toList(toFields(toFields(entry).card).sections))
    .map((sections) => sections.reduce<number>((sum, value) => sum + toList(toFields(value).widgets).length, 0))
    .filter((count) => count > MAX_WIDGETS);
}
