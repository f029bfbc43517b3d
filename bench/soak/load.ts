import { Agent, request } from "undici";
import { sleep } from "./faults.ts";
import type { Told } from "./ledger.ts";
import { pick } from "./random.ts";
import { API_KEY, INLINE_TARGETS, type World } from "./world.ts";

const TICK_MS = 50;
const MOST_WAITING = 500;
/** Questions to the API at once. */
const ASKING = 8;
const HEADERS = { "content-type": "application/json", authorization: `Bearer ${API_KEY}` };
const agent = new Agent({
  connections: 64,
  headersTimeout: 5000,
  bodyTimeout: 5000,
  keepAliveMaxTimeout: 4000,
});

/** What became of the requests, by answer or error: `202`, `202 duplicate`, `503`, `ECONNREFUSED`, `not sent`. */
export type Answers = Map<string, number>;

/** Posts so many tasks a second until told to stop, and waits for the last answers. */
export async function keepPosting(
  world: World,
  rate: number,
  { random, signal, answers }: { random: () => number; signal: AbortSignal; answers: Answers },
): Promise<void> {
  const startedAt = performance.now();
  const underWay = new Set<Promise<void>>();
  const count = (answer: string) => void answers.set(answer, (answers.get(answer) ?? 0) + 1);
  let sent = 0;
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * rate);
    for (; sent < due; sent += 1) {
      if (underWay.size >= MOST_WAITING) {
        count("not sent");
        continue;
      }
      const posting: Promise<void> = post(world, random)
        .catch(toErrorCode)
        .then((answer) => {
          count(answer);
          underWay.delete(posting);
        });
      underWay.add(posting);
    }
    await sleep(TICK_MS);
  }
  await Promise.all(underWay);
}

function toErrorCode(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(code ?? name);
}

async function post({ ingest, ledger, inline, repositories }: World, random: () => number): Promise<string> {
  const targets = toTargets(random);
  const body = {
    username: "octocat",
    // One in a hundred does not exist.
    repository: random() < 0.01 ? "missing" : `r${Math.floor(random() * repositories)}`,
    targets: targets.map((name) => (name.startsWith("/") ? { kind: "webhook", url: inline.url + name } : name)),
    // With two targets one of them may have news and the other none.
    ...(targets.length === 1 && random() < 0.1 ? { onlyIfChanged: true } : {}),
  };
  const answer = await request(`http://127.0.0.1:${ingest.port}/tasks`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify(body),
    dispatcher: agent,
  });
  const task = (await answer.body.json()) as { id: string };
  if (answer.statusCode !== 202) return String(answer.statusCode);
  return ledger.accept(task.id, targets) ? "202" : "202 duplicate";
}

/** Mostly one of the configured ones, sometimes two, sometimes one that the request brings along. */
function toTargets(random: () => number): string[] {
  const names = ["t0", "t1", "t2", "t3", "t4"];
  if (random() < 0.1) return [`/inline/${Math.floor(random() * INLINE_TARGETS)}`];
  const first = pick(names, random);
  const second = pick(names, random);
  return random() < 0.2 && first !== second ? [first, second] : [first];
}

/** Asks the API about tasks that should have arrived by now, as long as there are any to ask about. */
export async function settleOpen(
  { ingest, ledger }: World,
  { openMs, most }: { openMs: number; most: number },
): Promise<void> {
  const ids = ledger.openFor(openMs, most);
  await Promise.all(
    Array.from({ length: ASKING }, (_, lane) => ask(ids.filter((_, index) => index % ASKING === lane))),
  );

  async function ask(share: readonly string[]): Promise<void> {
    for (const id of share) {
      const url = `http://127.0.0.1:${ingest.port}/tasks/${id}`;
      // Ingest may be away just now: the next look asks again.
      const answer = await request(url, { headers: HEADERS, dispatcher: agent }).catch(() => undefined);
      const task = (await answer?.body.json().catch(() => undefined)) as Told | undefined;
      if (answer?.statusCode === 404) ledger.settle(id, undefined);
      else if (answer?.statusCode === 200 && task !== undefined) ledger.settle(id, task);
    }
  }
}
