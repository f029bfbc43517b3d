import type { IncomingMessage } from "node:http";
import { createSecretFinder, sha256 } from "@hookline/runtime";
import { toAsking } from "./client.ts";
import { ProblemError } from "./problem.ts";

/** Looks a credential up, unless its sender has guessed wrong too often. */
export type Guard = <T>(
  request: IncomingMessage,
  credential: string,
  find: (credential: string) => T | undefined,
) => T | undefined;

const WINDOW_MS = 60_000;
/** Clients that are remembered; a flood from more addresses makes us forget the oldest. */
const MOST_CLIENTS = 10_000;
const MOST_ACCEPTED = 100;

interface Client {
  /** Digests of what was wrong since `since`: a client that repeats its old key all the time guesses nothing. */
  readonly wrong: Set<string>;
  since: number;
  /** What was right before. Clients behind one address must not shut each other out. */
  readonly accepted: Set<string>;
}

/**
 * Counts different wrong keys, passwords and inbox tokens by address, in this process alone: a right one costs no
 * round trip. Past `limit` in a minute (0: no limit) nothing that is new from that address is even compared, right or wrong, so
 * that an answer tells nothing more.
 */
export function createGuard(limit: number): Guard {
  if (limit === 0) return (_request, credential, find) => find(credential);
  const clients = new Map<string, Client>();
  return (request, credential, find) => {
    const address = toAsking(request);
    const known = clients.get(address);
    if (known !== undefined) refuseBlocked(known, { credential, limit });
    const found = find(credential);
    if (found === undefined) fail(known ?? remember(clients, address), credential);
    else if (known?.accepted.has(credential) !== true) accept(known ?? remember(clients, address), credential);
    return found;
  };
}

function refuseBlocked(client: Client, { credential, limit }: { credential: string; limit: number }): void {
  if (client.wrong.size < limit) return;
  const retryAfterMs = client.since + WINDOW_MS - Date.now();
  if (retryAfterMs <= 0) {
    client.wrong.clear();
    return;
  }
  const isAccepted = createSecretFinder([...client.accepted].map((secret) => [secret, true]));
  if (isAccepted(credential) === true) return;
  throw new ProblemError("too_many_requests", { detail: "too many wrong keys or passwords", retryAfterMs });
}

function fail(client: Client, credential: string): void {
  const now = Date.now();
  if (now - client.since >= WINDOW_MS) client.wrong.clear();
  if (client.wrong.size === 0) client.since = now;
  client.wrong.add(sha256(credential));
}

function accept(client: Client, credential: string): void {
  if (client.accepted.size >= MOST_ACCEPTED) client.accepted.clear();
  client.accepted.add(credential);
}

function remember(clients: Map<string, Client>, address: string): Client {
  const [oldest] = clients.keys();
  if (clients.size >= MOST_CLIENTS && oldest !== undefined) clients.delete(oldest);
  const client = { wrong: new Set<string>(), since: 0, accepted: new Set<string>() };
  clients.set(address, client);
  return client;
}
