import { HOUR_MS } from "@hookline/runtime";
import { LRUCache } from "lru-cache";
import {
  type Baseline,
  type BaselineRef,
  type BaselineStore,
  findBaseline,
  loadBaseline,
  saveBaseline,
} from "./baseline.ts";
import { type Snapshot, toSize } from "./snapshot.ts";

export interface Baselines {
  /** Keeps what a snapshot will be compared with by these targets. */
  save(snapshot: Snapshot, targets: readonly string[]): Promise<BaselineRef>;
  /** The baseline of the last digest of the snapshot's repository that a target received. */
  find(target: string, snapshot: Snapshot): Promise<Baseline | undefined>;
}

/** A baseline that was saved not long ago, and for whom. */
interface Saved {
  readonly ref: BaselineRef;
  readonly at: number;
  readonly targets: ReadonlySet<string>;
}

/** Issues and contributors of the baselines kept in memory, at most. */
const LARGEST_SIZE = 20_000;

/** Baselines in Redis, with those last used in memory as well: one that has an id never changes. */
export function createBaselines(store: BaselineStore): Baselines {
  const known = new LRUCache<string, Baseline>({ maxSize: LARGEST_SIZE, sizeCalculation: toSize });
  const saved = new WeakMap<Snapshot, Saved>();
  const load = async (id: string) => {
    const baseline = known.get(id) ?? (await loadBaseline(store, id));
    if (baseline !== undefined) known.set(id, baseline);
    return baseline;
  };
  return {
    async save(snapshot, targets) {
      const last = saved.get(snapshot);
      // Delivering renews its time too; hours are nothing to the days that it is kept.
      const isRecent = last !== undefined && Date.now() - last.at < HOUR_MS;
      if (isRecent && targets.every((target) => last.targets.has(target))) return last.ref;
      const all = new Set([...(isRecent ? last.targets : []), ...targets]);
      const ref = await saveBaseline(store, snapshot, targets);
      saved.set(snapshot, { ref, at: Date.now(), targets: all });
      return ref;
    },
    find: (target, snapshot) => findBaseline(store, { target, snapshot, load }),
  };
}
