import { describe, expect, it } from "@jest/globals";
import { AdaptiveCard, SerializationContext, Versions } from "adaptivecards";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import {
  basecampDocument,
  digestDocument,
  targetDisabledDocument,
  taskExhaustedDocument,
  testDocument,
} from "../../../test/support/documents.ts";
import { nastyMessages, oversizedMessage } from "../../../test/support/nasty-texts.ts";
import { toMessage } from "../../messages/to-message.ts";
import type { Message } from "../target.ts";
import { renderTeams } from "./render.ts";

const documents = [
  testDocument(),
  digestDocument(),
  digestDocument({ changes: null }),
  basecampDocument(),
  targetDisabledDocument(),
  taskExhaustedDocument(),
];

/** What Microsoft's own reader of cards objects to, and the card as far as it knows the members for version 1.4. */
function read(content: object): { problems: string[]; known: unknown } {
  const context = new SerializationContext(Versions.v1_4);
  const card = new AdaptiveCard();
  card.parse(content, context);
  const parsing = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  const { validationEvents } = card.validateProperties();
  return { problems: [...parsing, ...validationEvents.map(({ message }) => message)], known: card.toJSON(context) };
}

/** A picture that needs no words, for the name stands beside it: what is empty is not written out again. */
function withoutEmpty(card: object): unknown {
  return JSON.parse(JSON.stringify(card, (name, value) => (name === "altText" && value === "" ? undefined : value)));
}

function expectUnderstood(message: Message): void {
  // Teams' own addition is none of the format's.
  const { msteams, ...card } = renderTeams(message).attachments[0].content;
  expect(msteams).toEqual({ width: "Full" });
  expect(read(card)).toEqual({ problems: [], known: withoutEmpty(card) });
}

describe("a card, as Microsoft's own renderer reads it", () => {
  it.each(
    documents.map((document) => [document.type, document] as const),
  )("is understood in full: %s", (_, document) => {
    expectUnderstood(toMessage(document, { timeZone: "UTC" }));
  });

  it("is understood in full, whatever strangers write", () => {
    for (const message of [chat.digest, chat.note, oversizedMessage(), ...nastyMessages()]) expectUnderstood(message);
    fc.assert(fc.property(chat.anyMessage, expectUnderstood));
  });
});

describe("the renderer that cards are read with", () => {
  const text = { type: "TextBlock", text: "Hello", wrap: true };
  const $schema = "http://adaptivecards.io/schemas/adaptive-card.json";
  const card = { $schema, type: "AdaptiveCard", version: "1.4", body: [text] };

  it.each([
    ["nothing", {}, []],
    ["an element it does not know", { body: [{ type: "Text" }] }, [/Unknown element type "Text"/]],
    ["a value it does not know", { body: [{ ...text, color: "red" }] }, [/Invalid value "red" for property "color"/]],
    [
      "a member of a later version",
      { body: [{ ...text, style: "heading" }] },
      [/"style" is supported in version 1\.5/],
    ],
    ["a button that leads nowhere", { actions: [{ type: "Action.OpenUrl", title: "Open" }] }, [/"url" must be set/]],
    ["a type that is no card's", { type: "message" }, [/Invalid or missing card type/]],
  ])("objects to %s", (_, broken, objections) => {
    const { problems } = read({ ...card, ...broken });
    expect(problems).toEqual(objections.map((objection) => expect.stringMatching(objection)));
  });

  it("knows no member that the format has not", () => {
    expect(read({ ...card, body: [{ ...text, colour: "Good" }] })).toEqual({ problems: [], known: card });
  });
});
