import winston from "winston";
import { createLogLines } from "./log-lines.ts";

/** Structured logging: a fixed event name (`task.accepted`) and its fields, one line per unit of work. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

export interface LoggerOptions {
  readonly level: string;
  readonly format: "json" | "text";
  readonly app: string;
  /** Values masked wherever they would appear in a line. */
  readonly secrets: readonly string[];
}

const MASK = "***";
/** Shorter secrets would mask ordinary words. */
const SHORTEST_MASKED = 6;

/** A winston logger writing to standard output, with every known secret masked. */
export function createLogger(options: LoggerOptions): Logger {
  const redact = createRedactor(options.secrets);
  const line = options.format === "json" ? toJsonLine : toTextLine;
  const { stream, flush } = createLogLines();
  const logger = winston.createLogger({
    level: options.level,
    defaultMeta: { app: options.app },
    format: winston.format.combine(
      winston.format.timestamp(),
      winston.format.printf((info) => escapeUnseen(redact(line(info)))),
    ),
    transports: [new winston.transports.Stream({ stream })],
  });
  // winston formats a line before it looks whether anybody wants its level: we look first.
  const at = (level: keyof Logger): Logger["info"] =>
    logger.isLevelEnabled(level) ? (event, fields) => void logger.log(level, event, fields) : () => undefined;
  // After a warning the process may end in a way that leaves no time for its lines.
  const urgentAt = (level: keyof Logger): Logger["info"] => {
    const log = at(level);
    return (event, fields) => {
      log(event, fields);
      flush();
    };
  };
  return { debug: at("debug"), info: at("info"), warn: urgentAt("warn"), error: urgentAt("error") };
}

/** A logger that writes nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Masks the given secrets, also as they look in JSON and in URLs. */
export function createRedactor(secrets: readonly string[]): (line: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST_MASKED)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (line) => longestFirst.reduce((masked, secret) => masked.replaceAll(secret, MASK), line);
}

const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * What JSON leaves as it is and a terminal or a viewer obeys (Unicode's general categories): C1 control characters,
 * which begin escape sequences as ESC does, further line breaks, and format characters, which turn the direction of
 * text or are not seen.
 */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Writes them as JSON writes other control characters: a line stays one line, and shows what it says. */
export function escapeUnseen(text: string): string {
  return PRINTABLE.test(text) ? text : text.replaceAll(UNSEEN, toEscape);
}

function toEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

function toJsonLine(info: winston.Logform.TransformableInfo): string {
  const { timestamp, level, app, message, ...fields } = info;
  return JSON.stringify({ timestamp, level, app, event: message, ...fields });
}

function toTextLine(info: winston.Logform.TransformableInfo): string {
  const { timestamp, level, app, message, ...fields } = info;
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value) ?? "undefined"}`);
  return [String(timestamp).slice(11, 23), level, String(app), JSON.stringify(message).slice(1, -1), ...pairs].join(
    " ",
  );
}
