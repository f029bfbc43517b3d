/** Numbers in [0, 1) that a seed decides (mulberry32), so that a run can be repeated. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed named in FAULT_SEED, else a new one; printed either way. */
export function takeSeed(title: string): number {
  const seed = Number(process.env.FAULT_SEED || Math.floor(Math.random() * 2 ** 32));
  process.stdout.write(`seed | ${title} | FAULT_SEED=${seed}\n`);
  return seed;
}
