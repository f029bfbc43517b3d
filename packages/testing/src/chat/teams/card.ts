import { type Check, lazy, type Problem } from "../check/check.ts";
import { list, object, type Shape, tagged } from "../check/shapes.ts";
import { anything, boolean, matching, oneOf, text, url } from "../check/values.ts";

// adaptivecards.io, "Schema Explorer", up to the 1.5 that Teams shows. A webhook has nobody to submit inputs to.
const HORIZONTAL = matching(/^(left|center|right)$/i, "left, center or right");

function element(required: Shape, optional: Shape = {}): Check {
  const common = {
    id: text(),
    isVisible: boolean(),
    separator: boolean(),
    spacing: matching(/^(none|small|default|medium|large|extraLarge|padding)$/i, "a spacing"),
  };
  return object({ type: anything(), ...required }, { ...common, ...optional }, "ignored");
}

const style = matching(/^(default|emphasis|good|attention|warning|accent)$/i, "a container style");
const words = { text: text({ min: 1 }) };
const look = {
  color: matching(/^(default|dark|light|accent|good|warning|attention)$/i, "a color"),
  size: matching(/^(default|small|medium|large|extraLarge)$/i, "a size"),
  weight: matching(/^(default|lighter|bolder)$/i, "a weight"),
  fontType: matching(/^(default|monospace)$/i, "a font type"),
  isSubtle: boolean(),
};

const elements = lazy(() => list(anyElement));
const actions = lazy(() => list(anyAction));
const image = element({ url: url() }, { altText: text(), horizontalAlignment: HORIZONTAL });
const column = element({ items: elements }, { style, selectAction: lazy(() => anyAction) });
const fact = object({ title: text({ min: 1 }), value: text({ min: 1 }) }, {}, "ignored");
const run = element(words, { ...look, italic: boolean(), highlight: boolean(), strikethrough: boolean() });
const inline: Check = (value, path) => (typeof value === "string" ? [] : tagged("type", { TextRun: run })(value, path));
const cell = object({ items: elements }, { type: oneOf("TableCell"), style }, "ignored");
const row = object({ cells: list(cell) }, { type: oneOf("TableRow"), style }, "ignored");

const anyElement: Check = tagged("type", {
  TextBlock: element(words, { ...look, wrap: boolean(), horizontalAlignment: HORIZONTAL }),
  RichTextBlock: element({ inlines: list(inline) }, { horizontalAlignment: HORIZONTAL }),
  Image: image,
  ImageSet: element({ images: list(image) }),
  Media: element({ sources: list(object({ url: url() }, {}, "ignored"), 1) }),
  Container: element({ items: elements }, { style, selectAction: lazy(() => anyAction), bleed: boolean() }),
  ColumnSet: element({ columns: list(column) }, { style, selectAction: lazy(() => anyAction) }),
  FactSet: element({ facts: list(fact) }),
  ActionSet: element({ actions }),
  Table: element({ columns: list(object({}, {}, "ignored")), rows: list(row) }),
});

const anyAction: Check = tagged("type", {
  "Action.OpenUrl": element({ url: url() }, { title: text({ min: 1 }), style: text(), iconUrl: text() }),
  "Action.ShowCard": element({ card: lazy(() => card) }, { title: text({ min: 1 }) }),
  "Action.ToggleVisibility": element({ targetElements: list(anything(), 1) }, { title: text({ min: 1 }) }),
});

const cardParts = { actions, fallbackText: text(), msteams: object({}, {}, "ignored") };
const card = object({ type: oneOf("AdaptiveCard") }, { ...cardParts, body: elements }, "ignored");
const message = object(
  {
    type: oneOf("message"),
    attachments: list(
      object(
        {
          contentType: oneOf("application/vnd.microsoft.card.adaptive"),
          content: object(
            {
              type: oneOf("AdaptiveCard"),
              version: oneOf("1.0", "1.1", "1.2", "1.3", "1.4", "1.5"),
              body: list(anyElement, 1),
            },
            cardParts,
            "ignored",
          ),
        },
        {},
        "ignored",
      ),
      1,
    ),
  },
  {},
  "ignored",
);

/** Why Teams would not show a message. */
export function checkMessage(payload: unknown): Problem[] {
  return message(payload, []);
}
