/** What the API said of a task. */
export interface Told {
  readonly status: string;
  readonly error: { readonly code: string } | null;
}

/** A task of which something is still to come. */
export interface OpenTask {
  readonly id: string;
  readonly at: number;
  /** Targets whose receiver has not answered 200 for it. */
  readonly waiting: Set<string>;
  /** The last view of it, kept so that what is lost can be followed. */
  told?: Told;
}

const MOST_REPEATS = 3;

/** Keeps account of every task: what became of it, and what came twice. */
export class Ledger {
  accepted = 0;
  delivered = 0;
  unchanged = 0;
  repeated = 0;
  /** The first few tasks that came twice. */
  readonly repeats = new Map<string, OpenTask>();
  readonly failed = new Map<string, number>();
  /** Neither received nor told as failed or unchanged: the API knows them no longer, or says that they arrived. */
  readonly lost: OpenTask[] = [];
  readonly #open = new Map<string, OpenTask>();
  readonly #known = new Set<string>();
  readonly #receipts = new Set<string>();
  readonly #webhookIds = new Set<string>();

  get open(): number {
    return this.#open.size;
  }

  get openTasks(): OpenTask[] {
    return [...this.#open.values()];
  }

  get failures(): number {
    return [...this.failed.values()].reduce((sum, count) => sum + count, 0);
  }

  /** A task got a 202. The same request that waits already is the same task: `false`. */
  accept(id: string, targets: readonly string[]): boolean {
    if (this.#known.has(id)) return false;
    this.#known.add(id);
    this.accepted += 1;
    const waiting = new Set(targets.filter((target) => !this.#receipts.has(`${id} ${target}`)));
    if (waiting.size === 0) this.delivered += 1;
    else this.#open.set(id, { id, at: Date.now(), waiting });
    return true;
  }

  /** A receiver answers 200. */
  receive(id: string, target: string, webhookId: string): void {
    if (this.#webhookIds.has(webhookId)) this.#repeat(id);
    this.#webhookIds.add(webhookId);
    this.#receipts.add(`${id} ${target}`);
    const task = this.#open.get(id);
    if (task === undefined) return;
    task.waiting.delete(target);
    if (task.waiting.size > 0) return;
    this.#open.delete(id);
    this.delivered += 1;
  }

  /** Tasks that have been open for so long, the oldest first. */
  openFor(ms: number, most: number): string[] {
    const before = Date.now() - ms;
    const old = [...this.#open.values()].filter(({ at }) => at < before);
    return old.slice(0, most).map(({ id }) => id);
  }

  /** What the API says of a task that did not arrive everywhere: `undefined` when it knows none. */
  settle(id: string, told: Told | undefined): void {
    const task = this.#open.get(id);
    if (task === undefined) return;
    if (told === undefined) this.lost.push(task);
    else {
      task.told = told;
      if (told.status === "unchanged") this.unchanged += 1;
      else if (told.status === "failed") this.#fail(told.error?.code ?? "none");
      // A receipt is noted before its answer is sent, so that nothing is under way between the two.
      else if (told.status === "delivered") this.lost.push(task);
      else return;
    }
    this.#open.delete(id);
  }

  #repeat(id: string): void {
    this.repeated += 1;
    if (this.repeats.size < MOST_REPEATS) this.repeats.set(id, { id, at: Date.now(), waiting: new Set() });
  }

  #fail(code: string): void {
    this.failed.set(code, (this.failed.get(code) ?? 0) + 1);
  }
}
