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
  /** Keeps what a snapshot will be compared with. */
  save(snapshot: Snapshot): Promise<BaselineRef>;
  /** The baseline of the last digest of the snapshot's repository that a target received. */
  find(target: string, snapshot: Snapshot): Promise<Baseline | undefined>;
}

/** Issues and contributors of the baselines kept in memory, at most. */
const LARGEST_SIZE = 20_000;

/** Baselines in Redis, with those last used in memory as well: one that has an id never changes. */
export function createBaselines(store: BaselineStore): Baselines {
  const known = new LRUCache<string, Baseline>({ maxSize: LARGEST_SIZE, sizeCalculation: toSize });
  const saved = new WeakMap<Snapshot, { readonly ref: BaselineRef; readonly at: number }>();
  const load = async (id: string) => {
    const baseline = known.get(id) ?? (await loadBaseline(store, id));
    if (baseline !== undefined) known.set(id, baseline);
    return baseline;
  };
  return {
    async save(snapshot) {
      const last = saved.get(snapshot);
      // Delivering renews its time too; hours are nothing to the days that it is kept.
      if (last !== undefined && Date.now() - last.at < HOUR_MS) return last.ref;
      const ref = await saveBaseline(store, snapshot);
      saved.set(snapshot, { ref, at: Date.now() });
      return ref;
    },
    find: (target, snapshot) => findBaseline(store, { target, snapshot, load }),
  };
}
