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
ajv.addVocabulary(["x-message", "x-secret"]);

/** Compiles a JSON Schema to a function that tells whether a value has its shape, else up to 20 things that are wrong. */
export function createValidator<T>(schema: object): Validator<T> {
  const check = ajv.compile<T>(schema);
  const { required = [] } = schema as { required?: readonly string[] };
  return (value) =>
    check(value) ? { isValid: true, value } : { isValid: false, errors: toInputErrors(check.errors ?? [], required) };
}

/** What is missing comes first, in the schema's order: older clients show the first message only. */
function toInputErrors(errors: readonly ErrorObject[], required: readonly string[]): InputError[] {
  const described = errors.filter((error) => error.keyword === "anyOf" && sentenceOf(error) !== undefined);
  const all = errors
    .filter((error) => !isOtherBranch(error, errors))
    .filter((error) => error.keyword !== "anyOf" || errors.length === 1 || described.includes(error))
    .filter((error) => !described.some(({ schemaPath }) => error.schemaPath.startsWith(`${schemaPath}/`)))
    .map((error) => ({ ...toInputError(error, required), rank: toRank(error, required) }));
  const distinct = new Map(all.map((error) => [`${error.pointer}\n${error.message}`, error]));
  return [...distinct.values()]
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_ERRORS)
    .map(({ pointer, message }) => ({ pointer, message }));
}

/** Of a union of a text and an object, an object was meant to be the object: that it is no text helps nobody. */
function isOtherBranch({ keyword, schema, data, instancePath }: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (keyword !== "type" || schema !== "string" || typeof data !== "object" || data === null) return false;
  return errors.some(
    (error) => error.instancePath.startsWith(`${instancePath}/`) || isAboutMembers(error, instancePath),
  );
}

function isAboutMembers({ keyword, instancePath }: ErrorObject, path: string): boolean {
  return instancePath === path && (keyword === "required" || keyword === "additionalProperties");
}

function toRank(error: ErrorObject, required: readonly string[]): number {
  const missing = toMissingMember(error, required);
  const isAtTop = error.keyword !== "required" || error.instancePath === "";
  return missing === undefined || !isAtTop ? required.length : required.indexOf(missing);
}

function toInputError(error: ErrorObject, required: readonly string[]): InputError {
  const { keyword, instancePath, params } = error;
  const missing = toMissingMember(error, required);
  if (missing !== undefined) {
    const pointer = keyword === "required" ? join(instancePath, missing) : instancePath;
    return { pointer, message: `field ${missing} is required` };
  }
  if (keyword === "additionalProperties") {
    return { pointer: join(instancePath, params.additionalProperty), message: "is not a known field" };
  }
  return { pointer: instancePath, message: sentenceOf(error) ?? error.message ?? "is wrong" };
}

/** A schema's own sentence; that of a union stands for those of its members. */
function sentenceOf({ parentSchema }: ErrorObject): string | undefined {
  return (parentSchema as { "x-message"?: string } | undefined)?.["x-message"];
}

/** The member that an error says is missing: a null in place of a required one was meant to be left out. */
function toMissingMember({ keyword, instancePath, params, data }: ErrorObject, required: readonly string[]) {
  if (keyword === "required") return String(params.missingProperty);
  const member = instancePath.slice(1);
  return keyword === "type" && data === null && required.includes(member) ? member : undefined;
}

function join(path: string, member: unknown): string {
  const escaped = String(member).slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1");
  return `${path}/${escaped}`;
}
