import type { FieldErrors } from "@hookline/contracts";
import { type Cast, toInteger, toText } from "./cast.ts";
import { isJsonObject, type JsonObject, member } from "./lossless-json.ts";

const FIELDS = {
  basecamp_id: toInteger,
  status: toText,
  type: toText,
  url: toText,
  app_url: toText,
  title: toText,
  content: toText,
  parent_id: toInteger,
  parent_app_url: toText,
} as const satisfies Record<string, (value: unknown) => Cast>;

type Field = keyof typeof FIELDS;

/** A recording whose nine required fields are there. Ids are digits. */
export type Recording = Readonly<Record<Field, string>>;

export type ReadRecording =
  | { readonly isValid: true; readonly recording: Recording }
  | { readonly isValid: false; readonly errors: FieldErrors };

/**
 * Reads a recording in Basecamp's own nested shape or in the flat one, and tells everything that is wrong at once:
 * per field `can't be blank` or `is invalid`.
 */
export function readRecording(source: JsonObject): ReadRecording {
  const errors: FieldErrors = {};
  const read = (field: Field): string => {
    const { value, error } = FIELDS[field](fieldValue(source, field));
    if (error !== undefined) errors[field] = [error];
    return value ?? "";
  };
  const recording: Recording = {
    basecamp_id: read("basecamp_id"),
    status: read("status"),
    type: read("type"),
    url: read("url"),
    app_url: read("app_url"),
    title: read("title"),
    content: read("content"),
    parent_id: read("parent_id"),
    parent_app_url: read("parent_app_url"),
  };
  return Object.keys(errors).length === 0 ? { isValid: true, recording } : { isValid: false, errors };
}

/** A flat field counts when it is there, also as null; else the nested one. */
function fieldValue(source: JsonObject, field: Field): unknown {
  if (Object.hasOwn(source, field)) return source[field];
  switch (field) {
    case "basecamp_id":
      return member(source, "id");
    case "parent_id":
      return parentValue(source, "id");
    case "parent_app_url":
      return parentValue(source, "app_url");
    default:
      return undefined;
  }
}

/** What is no object has no members, and is as wrong itself as they would be. */
function parentValue(source: JsonObject, name: string): unknown {
  const parent = member(source, "parent");
  if (parent === undefined || parent === null) return undefined;
  return isJsonObject(parent) ? member(parent, name) : [];
}
