import { LONGEST_PAUSE_MS } from "@hookline/queue";
import { parseRetryAfterMs } from "@hookline/runtime";
import { expect, it } from "@jest/globals";
import { capWait } from "../../apps/worker/src/deliveries/lanes.ts";
import { targetKinds } from "../../apps/worker/src/targets/registry.ts";
import * as chat from "../../apps/worker/test/support/chat.ts";
import { FUZZ_TIMEOUT_MS, fuzz, inTime, type Random } from "./support/fuzz.ts";
import { anything, mutateBytes } from "./support/mutate.ts";
import { targets } from "./support/targets.ts";

const VALUES = [
  "120",
  "1.5",
  "0",
  "-1",
  "1e9",
  "999999999",
  "9999999999",
  "Infinity",
  "NaN",
  "0x10",
  " 5 ",
  "5, 6",
] as const;
const DATES = [
  "Wed, 21 Oct 2026 07:28:00 GMT",
  "Wed, 21 Oct 275760 07:28:00 GMT",
  "Thu, 01 Jan 1970 00:00:00 GMT",
] as const;

function toHeader(random: Random): string {
  const value = random.pick([random.pick(VALUES), random.pick(DATES), String(random.below(2 ** 31)), random.text(30)]);
  return random.chance(0.5) ? mutateBytes(random, value).subarray(0, 300).toString("latin1") : value;
}

it(
  "a Retry-After, whatever it says, is a finite wait that is not negative, or none",
  async () => {
    await fuzz("Retry-After", async (random) => {
      const header = toHeader(random);
      const ms = await inTime(() => parseRetryAfterMs(header, random.below(2 ** 45)));
      if (ms !== undefined) expect([header, Number.isFinite(ms) && ms >= 0]).toEqual([header, true]);
    });
  },
  FUZZ_TIMEOUT_MS,
);

const BODIES = [
  { message: "You are being rate limited.", retry_after: 1.5, global: false },
  { ok: false, error_code: 429, description: "Too Many Requests: retry after 5", parameters: { retry_after: 5 } },
  { result: "error", msg: "API usage exceeded rate limit", "retry-after": 28.7, code: "RATE_LIMIT_HIT" },
  { ok: false, error: "ratelimited" },
] as const;
const NUMBERS = [-1, 0, 1e308, 1e-9, -0, 86_400, 1e10, "5", "x", null, true, [], {}] as const;

it(
  "an answer, whatever it says, makes any kind of target wait for some time, if at all, and never throws",
  async () => {
    expect(targets.map(({ kind }) => kind)).toEqual(expect.arrayContaining(Object.keys(targetKinds)));
    await fuzz("answers", async (random) => {
      const body: Record<string, unknown> = { ...random.pick<object>(BODIES) };
      for (const name of ["retry_after", "retry-after"]) if (name in body) body[name] = random.pick(NUMBERS);
      if ("parameters" in body)
        body.parameters = random.chance(0.7) ? { retry_after: random.pick(NUMBERS) } : anything(random, 2);
      const text = mutateBytes(random, JSON.stringify(body)).toString("utf8").slice(0, 20_000);
      const answer = chat.answer(random.pick([200, 400, 404, 410, 429, 500, 503]), text, {
        headers: { "retry-after": toHeader(random) },
      });
      for (const target of targets) {
        const reading = await inTime(() => target.read(answer));
        if (reading?.kind !== "retry_later") continue;
        expect([target.kind, text, reading.waitMs >= 0]).toEqual([target.kind, text, true]);
        const capped = capWait(reading);
        const waitMs = capped.kind === "retry_later" ? capped.waitMs : Number.NaN;
        expect([text, waitMs >= 1000 && waitMs <= LONGEST_PAUSE_MS]).toEqual([text, true]);
      }
    });
  },
  FUZZ_TIMEOUT_MS,
);
