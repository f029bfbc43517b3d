import { type Answer, toErrorAnswer } from "./answer.ts";

export interface SecondaryLimitInput {
  /** Default 403. */
  status?: 403 | 429;
  /** null: no Retry-After header. Default: `forMs` in seconds, rounded up. */
  retryAfterSeconds?: number | null;
  forMs: number;
}

const MESSAGE =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. " +
  "If you reach out to GitHub Support for help, please include the request ID.";

/** GitHub's second limit, against bursts: while it lasts, every request gets the same answer. */
export class SecondaryLimit {
  #until = 0;
  #answer = toErrorAnswer(403, MESSAGE);

  trigger(input: SecondaryLimitInput): void {
    const seconds = input.retryAfterSeconds === undefined ? Math.ceil(input.forMs / 1000) : input.retryAfterSeconds;
    this.#until = Date.now() + input.forMs;
    this.#answer = toErrorAnswer(
      input.status ?? 403,
      MESSAGE,
      seconds === null ? {} : { "retry-after": String(seconds) },
    );
  }

  answer(): Answer | undefined {
    return Date.now() < this.#until ? this.#answer : undefined;
  }
}
