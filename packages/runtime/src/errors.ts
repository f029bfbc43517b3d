/**
 * An error that repeating cannot mend: the job fails at once and uses no further attempt.
 *
 * `code` is the stable, snake_case identifier shown to clients (for example `repository_not_found`).
 */
export class PermanentError extends Error {
  override readonly name = "PermanentError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The other side (or our own pace) said when to come back. Waiting **uses no attempt**.
 *
 * `delayMs` is the time to wait from now, in milliseconds; `reason` is shown as `nextAttempt.reason`.
 */
export class RetryAfterError extends Error {
  override readonly name = "RetryAfterError";
  readonly delayMs: number;
  readonly reason: string;

  constructor(delayMs: number, reason: string, message = `waiting ${delayMs} ms: ${reason}`) {
    super(message);
    this.delayMs = Math.max(0, Math.ceil(delayMs));
    this.reason = reason;
  }
}

/** An ordinary failure with a stable `code`: it uses an attempt and is tried again after the backoff. */
export class TemporaryError extends Error {
  override readonly name = "TemporaryError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What operators wrote is wrong, so nothing starts: every problem at once, `message` lists one per line. */
export class ConfigurationError extends Error {
  override readonly name: string = "ConfigurationError";
  readonly problems: readonly string[];

  constructor(title: string, problems: readonly string[]) {
    super(`${title}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/** The message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error's message; of OpenSSL's (`…:error:<number>:<library>:<function>:<reason>:…`) only the reason. */
export function plainMessage(error: unknown): string {
  const message = errorMessage(error);
  const at = message.indexOf(":error:");
  return (at < 0 ? undefined : message.slice(at + 1).split(":")[4]) ?? message;
}
