import { TemporaryError } from "@hookline/runtime";
import { toApiUrl, toGraphqlUrl, toRedirectUrl } from "./addresses.ts";
import type { CachedAnswer, ConditionalCache } from "./conditional-cache.ts";
import type { Exchange } from "./exchange.ts";
import type { RawAnswer } from "./http.ts";
import { parseNextLink } from "./link.ts";
import { type Outcome, toOutcome } from "./outcome.ts";

/** Picks what we need out of GitHub's JSON. @throws TemporaryError when it has another shape. */
export type Mapper<T> = (json: unknown) => T;

export interface GithubAnswer<T> {
  readonly status: number;
  readonly value: T;
  /** The address of the next page. */
  readonly next: string | undefined;
  /** Whether GitHub said that what we had still holds (304). */
  readonly isRevalidated: boolean;
}

export interface GetOptions<T> {
  /**
   * Statuses that mean "there is none", and the value they stand for. Such answers have no ETag: with `keptMs` GitHub
   * is not asked again for that long.
   */
  readonly absent?: { readonly statuses: readonly number[]; readonly value: T; readonly keptMs?: number } | undefined;
  /** Whether an answer may be asked for conditionally next time; default always. */
  readonly isCacheable?: (value: T, next: string | undefined) => boolean;
}

/** What was asked in one session. */
export interface Tally {
  /** Requests sent: redirects, 304s and GraphQL included. */
  readonly sent: number;
  /** Whether there were REST answers and all of them were 304. */
  readonly isRevalidated: boolean;
}

/** The requests of one piece of work: counted together, aborted together. */
export interface GithubSession {
  readonly signal: AbortSignal | undefined;
  toUrl(segments: readonly string[], query?: Readonly<Record<string, string>>): URL;
  /**
   * Asks REST, conditionally where an earlier answer is known, following redirects on the same host.
   *
   * @throws PermanentError, TemporaryError or RetryAfterError as the error table of the design says; the signal's reason.
   */
  get<T>(url: URL, mapper: Mapper<T>, options?: GetOptions<T>): Promise<GithubAnswer<T>>;
  graphql<T>(query: string, variables: Readonly<Record<string, string>>, mapper: Mapper<T>): Promise<T>;
  tally(): Tally;
}

export interface SessionOptions {
  readonly apiUrl: URL;
  readonly exchange: Exchange;
  readonly cache: ConditionalCache;
  readonly signal: AbortSignal | undefined;
}

const MOST_REDIRECTS = 3;

export function createSession({ apiUrl, exchange, cache, signal }: SessionOptions): GithubSession {
  let sent = 0;
  let answered = 0;
  let revalidated = 0;
  const onSend = () => {
    sent += 1;
  };
  const ask = (url: URL, headers: Record<string, string>) =>
    exchange({ url, headers, signal, resource: "core", onSend });
  return {
    signal,
    toUrl: (segments, query) => toApiUrl(apiUrl, segments, query),
    async get(url, mapper, options = {}) {
      answered += 1;
      const answer = await follow(url, (hop) => getOnce({ ask, cache, mapper, options }, hop));
      if (answer.isRevalidated) revalidated += 1;
      return answer;
    },
    async graphql(query, variables, mapper) {
      const url = toGraphqlUrl(apiUrl);
      const answer = await exchange({ url, json: { query, variables }, signal, resource: "graphql", onSend });
      const outcome = toOutcome(answer);
      if (outcome.kind === "ok") return mapper(outcome.json);
      throw outcome.kind === "refused" ? outcome.error : unexpected(answer);
    },
    tally: () => ({ sent, isRevalidated: answered > 0 && revalidated === answered }),
  };
}

interface Hop<T> {
  readonly ask: (url: URL, headers: Record<string, string>) => Promise<RawAnswer>;
  readonly cache: ConditionalCache;
  readonly mapper: Mapper<T>;
  readonly options: GetOptions<T>;
}

type HopResult<T> = GithubAnswer<T> | Extract<Outcome, { kind: "redirect" }>;

async function follow<T>(first: URL, hop: (url: URL) => Promise<HopResult<T>>): Promise<GithubAnswer<T>> {
  let url = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const result = await hop(url);
    if (!("kind" in result)) return result;
    url = toRedirectUrl(url, result.location);
  }
  throw new TemporaryError("github_unavailable", `GitHub redirected more than ${MOST_REDIRECTS} times`);
}

async function getOnce<T>({ ask, cache, mapper, options }: Hop<T>, url: URL): Promise<HopResult<T>> {
  const { absent } = options;
  if (absent?.keptMs !== undefined && (await cache.isAbsent(url))) {
    return { status: 304, value: absent.value, next: undefined, isRevalidated: true };
  }
  const cached = await cache.find<T>(url);
  const answer = await ask(url, cached === undefined ? {} : { "if-none-match": cached.etag });
  const { status } = answer;
  if (absent?.statuses.includes(status)) {
    if (absent.keptMs !== undefined) await cache.noteAbsent(url, absent.keptMs);
    return { status, value: absent.value, next: undefined, isRevalidated: false };
  }
  const outcome = toOutcome(answer);
  switch (outcome.kind) {
    case "redirect":
      return outcome;
    case "refused":
      throw outcome.error;
    case "not_modified":
      return toRevalidated(answer, cached);
    case "ok": {
      const value = mapper(outcome.json);
      const next = parseNextLink(toText(answer.headers.link));
      const { etag } = answer.headers;
      const isCacheable = options.isCacheable?.(value, next) ?? true;
      if (etag !== undefined && isCacheable) await cache.save(url, { etag, value, next: next ?? null });
      return { status, value, next, isRevalidated: false };
    }
  }
}

function toRevalidated<T>(answer: RawAnswer, cached: CachedAnswer<T> | undefined): GithubAnswer<T> {
  if (cached === undefined) throw unexpected(answer);
  const link = toText(answer.headers.link);
  const next = link === undefined ? (cached.next ?? undefined) : parseNextLink(link);
  return { status: answer.status, value: cached.value, next, isRevalidated: true };
}

/** A header that was sent more than once arrives as a list. */
function toText(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header;
}

function unexpected({ status }: RawAnswer): TemporaryError {
  return new TemporaryError("github_unavailable", `GitHub answered ${status}, which was not asked for`);
}
