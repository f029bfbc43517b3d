import type { Random } from "./fuzz.ts";

/** A JSON value like the given one, but for some members. */
export function mutate(random: Random, value: unknown): unknown {
  const { below, chance } = random;
  if (chance(0.15)) return anything(random, 3);
  if (Array.isArray(value)) return mutateList(random, value);
  if (typeof value !== "object" || value === null) return chance(0.3) ? anything(random, 1) : value;
  const entries = Object.entries(value)
    .filter(() => !chance(0.07))
    .map(([name, member]) => [chance(0.05) ? random.text(20) : name, chance(0.3) ? mutate(random, member) : member]);
  if (chance(0.15)) entries.splice(below(entries.length + 1), 0, [strangeName(random), anything(random, 2)]);
  return Object.fromEntries(entries);
}

function mutateList(random: Random, list: readonly unknown[]): unknown[] {
  const mutated = list
    .filter(() => !random.chance(0.1))
    .map((item) => (random.chance(0.4) ? mutate(random, item) : item));
  return random.chance(0.2) ? [...mutated, anything(random, 2)] : mutated;
}

/** Some JSON value. */
export function anything(random: Random, depth: number): unknown {
  const { pick, below, text } = random;
  const simple = [null, true, false, 0, -1, 1.5, 2 ** 53, 1e308, "", text(30), text(300), "octocat"] as const;
  if (depth === 0 || random.chance(0.6)) return pick(simple);
  const inner = () => anything(random, depth - 1);
  if (random.chance(0.5)) return Array.from({ length: below(5) }, inner);
  return Object.fromEntries(Array.from({ length: below(5) }, () => [strangeName(random), inner()]));
}

function strangeName(random: Random): string {
  return random.pick(["__proto__", "constructor", "prototype", "toString", "", "id", "0", "targets", random.text(10)]);
}

/** Bytes like those of a text, but for some. */
export function mutateBytes(random: Random, text: string): Buffer {
  const { below, chance } = random;
  let bytes = Buffer.from(text);
  for (let n = below(4); n > 0; n -= 1) {
    const at = below(bytes.length + 1);
    const end = at + below(8);
    const piece = chance(0.3)
      ? Buffer.from(Array.from({ length: below(6) }, () => below(256)))
      : Buffer.from(random.text(8));
    bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(chance(0.5) ? end : at)]);
  }
  if (chance(0.03)) bytes = Buffer.concat([Buffer.from("[".repeat(below(50_000))), bytes]);
  if (chance(0.02)) bytes = Buffer.concat([bytes, Buffer.alloc(below(200_000), " ")]);
  return chance(0.05) ? bytes.subarray(0, below(bytes.length + 1)) : bytes;
}

/** A body such as `sample` would be sent: mutated as a value, as bytes, as both, or not at all. */
export function toBody(random: Random, sample: unknown): Buffer {
  const value = random.chance(0.8) ? mutate(random, sample) : sample;
  const text = JSON.stringify(value) ?? "";
  // A setter of that name would be called by a careless merge; JSON.stringify leaves it out of a literal.
  const polluted = random.chance(0.1) ? text.replace("{", '{"__proto__":{"polluted":true},') : text;
  return random.chance(0.4) ? mutateBytes(random, polluted) : Buffer.from(polluted);
}
