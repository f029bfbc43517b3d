import { readFileSync } from "node:fs";
import { ConfigurationError, errorMessage } from "./errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** One environment variable: what it is for, what stands in `.env.example`, and how its text becomes a value. */
export interface Variable<T> {
  readonly purpose: string;
  /** The default as it is written in `.env.example`; empty when there is none. */
  readonly defaultText: string;
  /** A secret's value never appears in a log line. */
  readonly isSecret: boolean;
  /** Turns the text into the value. Throws an Error whose message says what is wrong. */
  readonly parse: (text: string) => T;
}

export type Variables = Readonly<Record<string, Variable<unknown>>>;
export type SettingsOf<V extends Variables> = { readonly [K in keyof V]: V[K] extends Variable<infer T> ? T : never };

/** Every problem of an environment at once; `message` lists one per line with the variable's purpose. */
export class SettingsError extends ConfigurationError {
  override readonly name = "SettingsError";

  constructor(problems: readonly string[]) {
    super("The settings are wrong", problems);
  }
}

/**
 * Reads `variables` from `env`. An unset or blank variable takes its default; `NAME_FILE` names a file that
 * holds the value (Docker secrets), less its final line break.
 *
 * @throws SettingsError naming every wrong variable, never its value when it is a secret.
 */
export function readSettings<V extends Variables>(variables: V, env: Environment): SettingsOf<V> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(variables)) {
    try {
      values[name] = variable.parse(rawText(name, env) ?? variable.defaultText);
    } catch (error) {
      problems.push(`${name}: ${errorMessage(error)} (${variable.purpose})`);
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return values as SettingsOf<V>;
}

/** The texts of all secret variables that are set, for the logger to mask. */
export function secretTexts(variables: Variables, env: Environment): string[] {
  return Object.entries(variables)
    .filter(([, variable]) => variable.isSecret)
    .flatMap(([name]) => (rawText(name, env) ?? "").split(/[\s,]+/))
    .filter((text) => text.length > 0);
}

/**
 * A variable's text, without the blanks around it: its own, else that of the file which `NAME_FILE` names;
 * `undefined` when unset or blank.
 *
 * @throws Error when that file cannot be read.
 */
export function rawText(name: string, env: Environment): string | undefined {
  const direct = env[name]?.trim();
  if (direct !== undefined && direct !== "") return direct;
  const file = env[`${name}_FILE`]?.trim();
  if (file === undefined || file === "") return undefined;
  const text = readFileSync(file, "utf8").trim();
  return text === "" ? undefined : text;
}
