import { expect, test } from "@jest/globals";
import { findAtMentions } from "./at-mentions.ts";

const mentions = (text: string) => findAtMentions(text, "text").map((ping) => ping.text);

test.each([
  ["@all and @octocat", ["@all", "@octocat"]],
  ["(@here) \\@channel", ["@here", "@channel"]],
  ["ada@example.org", []],
  ["@\u200ball", []],
  ["`@all` and ``a ` @here``", []],
  ["`open @all", ["@all"]],
  ["`a\n\n@all b`", ["@all"]],
  ["```\n@all\n```\n@here", ["@here"]],
  ["```\n@all\n~~~\n@here", []],
  ["```one line``` @all", ["@all"]],
  ["\\`@all`", ["@all"]],
])("%j mentions %j", (text, expected) => {
  expect(mentions(text)).toEqual(expected);
});
