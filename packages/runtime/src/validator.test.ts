import { describe, expect, it } from "@jest/globals";
import { createValidator } from "./validator.ts";

const schema = {
  type: "object",
  required: ["name", "size"],
  additionalProperties: false,
  properties: {
    name: { type: "string", pattern: "^[a-z]+$", "x-message": "must be small letters" },
    size: { type: "integer" },
    note: { type: "string" },
    when: { type: "string", format: "date-time" },
    parts: { type: "array", items: { type: "object", required: ["name"], properties: { name: { type: "string" } } } },
  },
};
const validate = createValidator<{ name: string; size: number }>(schema);
const errorsOf = (value: unknown) => {
  const validation = validate(value);
  return validation.isValid ? [] : validation.errors;
};

describe("a validator", () => {
  it("gives back what fits, as it is", () => {
    const value = { name: "a", size: 1 };
    expect(validate(value)).toEqual({ isValid: true, value });
  });

  it("does not turn texts into numbers or fill in what is missing", () => {
    expect(errorsOf({ name: "a", size: "1" })).toEqual([{ pointer: "/size", message: "must be integer" }]);
  });

  it("names what is missing first, in the schema's order, null being missing too", () => {
    const missing = [
      { pointer: "/name", message: "field name is required" },
      { pointer: "/size", message: "field size is required" },
    ];
    expect(errorsOf({})).toEqual(missing);
    expect(errorsOf({ name: null })).toEqual(missing);
    expect(errorsOf({ size: null, extra: 1 })).toEqual([
      ...missing,
      { pointer: "/extra", message: "is not a known field" },
    ]);
  });

  it("does not call a member required that may be left out, although it is null", () => {
    expect(errorsOf({ name: "a", size: 1, note: null })).toEqual([{ pointer: "/note", message: "must be string" }]);
    expect(errorsOf({ name: "a", size: 1, parts: [{ name: null }, {}] })).toEqual([
      { pointer: "/parts/0/name", message: "must be string" },
      { pointer: "/parts/1/name", message: "field name is required" },
    ]);
  });

  it("uses a schema's own sentence where it has one", () => {
    expect(errorsOf({ name: "A", size: 1 })).toEqual([{ pointer: "/name", message: "must be small letters" }]);
    expect(errorsOf({ name: 5, size: 1 })).toEqual([{ pointer: "/name", message: "must be small letters" }]);
  });

  it("says a union's own sentence instead of what each of its members would say", () => {
    const id = { anyOf: [{ type: "string", pattern: "^c" }, { type: "integer" }], "x-message": "must be an id" };
    const validateId = createValidator({ type: "object", properties: { id, other: { type: "integer" } } });
    expect(validateId({ id: "x", other: "x" })).toEqual({
      isValid: false,
      errors: [
        { pointer: "/id", message: "must be an id" },
        { pointer: "/other", message: "must be integer" },
      ],
    });
  });

  it("escapes and shortens names of members in pointers", () => {
    expect(errorsOf({ name: "a", size: 1, "x/y~z": 1 })[0]?.pointer).toBe("/x~1y~0z");
    expect(errorsOf({ name: "a", size: 1, ["k".repeat(5000)]: 1 })[0]?.pointer).toHaveLength(101);
  });

  it("tells at most 20 things", () => {
    const extra = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, n]));
    expect(errorsOf({ name: "a", size: 1, ...extra })).toHaveLength(20);
  });

  it("knows times that cannot be", () => {
    for (const when of ["2026-02-30T00:00:00Z", "2026-01-01", "x"])
      expect(errorsOf({ name: "a", size: 1, when })).toHaveLength(1);
    expect(errorsOf({ name: "a", size: 1, when: "2026-01-01T00:00:00+02:00" })).toEqual([]);
  });

  it("does not tell of an object that it is no text, where both may stand", () => {
    const object = { type: "object", required: ["url"], properties: { url: { type: "string" } } };
    const validate = createValidator({ type: "array", items: { anyOf: [{ type: "string" }, object] } });
    expect(validate([{ url: 1 }])).toEqual({
      isValid: false,
      errors: [{ pointer: "/0/url", message: "must be string" }],
    });
    expect(validate([{}])).toMatchObject({ errors: [{ pointer: "/0/url" }] });
    expect(validate([5])).toMatchObject({ isValid: false, errors: expect.arrayContaining([expect.anything()]) });
  });

  it("refuses a schema with a word that it does not know", () => {
    expect(() => createValidator({ type: "object", propertees: {} })).toThrow("propertees");
  });
});
