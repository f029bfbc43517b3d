import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** One thing wrong with an input: a JSON Pointer (RFC 6901) to the member and a sentence about it. */
export interface InputError {
  readonly pointer: string;
  readonly message: string;
}

export type Validation<T> =
  | { readonly isValid: true; readonly value: T }
  | { readonly isValid: false; readonly errors: readonly InputError[] };

export type Validator<T> = (value: unknown) => Validation<T>;

const MOST_ERRORS = 20;
const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: true,
  strictTypes: false,
  useDefaults: false,
  coerceTypes: false,
});
addFormats.default(ajv, ["date-time", "uri"]);
ajv.addVocabulary(["x-message"]);

/** Compiles a JSON Schema to a function that tells whether a value has its shape, else up to 20 things that are wrong. */
export function createValidator<T>(schema: object): Validator<T> {
  const check = ajv.compile<T>(schema);
  return (value) =>
    check(value) ? { isValid: true, value } : { isValid: false, errors: toInputErrors(check.errors ?? []) };
}

function toInputErrors(errors: readonly ErrorObject[]): InputError[] {
  const all = errors.filter((error) => error.keyword !== "anyOf" || errors.length === 1).map(toInputError);
  const distinct = new Map(all.map((error) => [`${error.pointer}\n${error.message}`, error]));
  return [...distinct.values()].slice(0, MOST_ERRORS);
}

function toInputError(error: ErrorObject): InputError {
  const { keyword, instancePath, params } = error;
  if (keyword === "required") {
    return { pointer: join(instancePath, params.missingProperty), message: toMissing(params.missingProperty) };
  }
  // A null is a member that was meant to be left out.
  if (keyword === "type" && error.data === null && instancePath !== "") {
    return { pointer: instancePath, message: toMissing(instancePath.slice(instancePath.lastIndexOf("/") + 1)) };
  }
  if (keyword === "additionalProperties") {
    return { pointer: join(instancePath, params.additionalProperty), message: "is not a known field" };
  }
  const described = (error.parentSchema as { "x-message"?: string } | undefined)?.["x-message"];
  return { pointer: instancePath, message: described ?? error.message ?? "is wrong" };
}

function toMissing(member: unknown): string {
  return `field ${member} is required`;
}

function join(path: string, member: unknown): string {
  const escaped = String(member).slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1");
  return `${path}/${escaped}`;
}
