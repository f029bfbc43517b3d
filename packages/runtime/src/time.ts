export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/**
 * The wait that a `Retry-After` header asks for, in milliseconds from `now`: seconds (also fractions) or an
 * HTTP date (RFC 9110, section 10.2.3). `undefined` when absent or unreadable; never negative.
 */
export function parseRetryAfterMs(value: string | null | undefined, now = Date.now()): number | undefined {
  const text = value?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/^[A-Za-z]{3}/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * How far the clock of whoever answered is ahead of ours, ms, by its `Date` header (RFC 9110, section 6.6.1): moments
 * that it names are moments of its own clock. 0 when the header tells nothing, or less than the seconds it counts in
 * and the way of the answer may make up.
 */
export function toClockSkewMs(date: string | null | undefined, now = Date.now()): number {
  const theirs = /^[A-Za-z]{3}/.test(date ?? "") ? Date.parse(date ?? "") : Number.NaN;
  return Number.isNaN(theirs) || Math.abs(theirs - now) < SMALLEST_SKEW_MS ? 0 : theirs - now;
}

const SMALLEST_SKEW_MS = 30_000;

/** Resolves after `ms`, or earlier when `signal` is aborted (it does not reject). */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
    if (signal?.aborted) done();
  });
}
