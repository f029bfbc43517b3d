import { describe, expect, it } from "@jest/globals";
import { isJsonObject, member, numberText, parseLossless, stringifyLossless, toNumber } from "./lossless-json.ts";

const parse = (text: string) => parseLossless(new TextEncoder().encode(text));
const objectOf = (text: string) => {
  const value = parse(text);
  if (!isJsonObject(value)) throw new Error("no object");
  return value;
};

describe("lossless JSON", () => {
  it.each([
    "0",
    "42",
    "-1",
    "9007199254740993",
    "9007199254741434",
    "123456789012345678901234567890",
    "42.0",
    "1e400",
  ])("keeps the digits of %s", (digits) => {
    expect(numberText(parse(digits))).toBe(digits);
    expect(stringifyLossless({ id: toNumber(digits) })).toBe(`{"id":${digits}}`);
  });

  it("takes a number for no object, and what looks like its own kind of number for one", () => {
    expect(isJsonObject(parse("42"))).toBe(false);
    expect(numberText(parse('{"isLosslessNumber":true,"value":"42"}'))).toBeUndefined();
  });

  it("finds own members only, whatever they are called", () => {
    const object = objectOf('{"__proto__":{"recording":{}},"a":1}');
    expect(member(object, "recording")).toBeUndefined();
    expect(member(object, "constructor")).toBeUndefined();
    expect(member(object, "__proto__")).toEqual({ recording: {} });
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  });

  it("lets the last of two equal names count, as JSON.parse does", () => {
    expect(member(objectOf('{"a":"first","a":"second"}'), "a")).toBe("second");
  });

  it.each([
    ["", "is empty"],
    ["\r\n ", "is empty"],
    ["{", "is not valid JSON"],
    ['{"a":1,}', "is not valid JSON"],
    ["01", "is not valid JSON"],
    ["NaN", "is not valid JSON"],
    ["[1] [2]", "is not valid JSON"],
    ["[".repeat(500_000), "is nested too deeply"],
    [`${'{"a":'.repeat(101)}1${"}".repeat(101)}`, "is nested too deeply"],
  ])("says what is wrong with %.12s", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("does not count brackets in strings", () => {
    const text = `${"[{".repeat(200)}\\"`;
    expect(parse(JSON.stringify([text, { [text]: "]" }]))).toEqual([text, { [text]: "]" }]);
  });

  it("refuses what is not UTF-8", () => {
    expect(() => parseLossless(Buffer.from('{"a":"ö"}', "latin1"))).toThrow("is not valid UTF-8");
  });

  it("reads a megabyte of unfinished strings and escapes in a moment", () => {
    const before = performance.now();
    for (const text of ['"\\"'.repeat(250_000), `"${"\\\\".repeat(400_000)}`]) expect(() => parse(text)).toThrow();
    expect(performance.now() - before).toBeLessThan(3000);
  });
});
