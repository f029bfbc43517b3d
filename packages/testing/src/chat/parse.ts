/** JSON's object, or anything like it. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that is an object, else an empty one. */
export function toFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * A body that is one JSON object in UTF-8, else `undefined`. Half a surrogate pair, the mark of an emoji cut in two,
 * counts as no JSON: what services make of it ranges from an error to a torn character.
 */
export function parseObject(rawBody: Buffer): Fields | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(rawBody);
    const value: unknown = JSON.parse(text, (_key, member: unknown) => {
      if (typeof member === "string" && /\p{Surrogate}/u.test(member)) throw new Error("half a surrogate pair");
      return member;
    });
    return isFields(value) ? value : undefined;
  } catch {
    // Whatever is wrong with it, the services have one answer.
    return undefined;
  }
}

/** Whether a request says it carries JSON. */
export function isJsonType(contentType: string | undefined): boolean {
  return (contentType ?? "").split(";")[0]?.trim().toLowerCase() === "application/json";
}

/** Non-empty strings only. */
export function toTexts(values: readonly unknown[]): string[] {
  return values.filter((value): value is string => typeof value === "string" && value !== "");
}
