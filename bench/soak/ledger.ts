/** Keeps account of every task: what became of it, and what came twice. */
export class Ledger {
  accepted = 0;
  delivered = 0;
  unchanged = 0;
  repeated = 0;
  readonly failed = new Map<string, number>();
  readonly lost: string[] = [];
  /** Tasks of which something is still to come. */
  readonly #open = new Map<string, { readonly at: number; readonly waiting: Set<string> }>();
  readonly #known = new Set<string>();
  readonly #receipts = new Set<string>();
  readonly #webhookIds = new Set<string>();

  get open(): number {
    return this.#open.size;
  }

  get failures(): number {
    return [...this.failed.values()].reduce((sum, count) => sum + count, 0);
  }

  /** A task got a 202. The same request that waits already is the same task. */
  accept(id: string, targets: readonly string[]): void {
    if (this.#known.has(id)) return;
    this.#known.add(id);
    this.accepted += 1;
    const waiting = new Set(targets.filter((target) => !this.#receipts.has(`${id} ${target}`)));
    if (waiting.size === 0) this.delivered += 1;
    else this.#open.set(id, { at: Date.now(), waiting });
  }

  /** A receiver answered 200. */
  receive(id: string, target: string, webhookId: string): void {
    if (this.#webhookIds.has(webhookId)) this.repeated += 1;
    this.#webhookIds.add(webhookId);
    this.#receipts.add(`${id} ${target}`);
    const entry = this.#open.get(id);
    if (entry === undefined) return;
    entry.waiting.delete(target);
    if (entry.waiting.size > 0) return;
    this.#open.delete(id);
    this.delivered += 1;
  }

  /** Tasks that have been open for so long, the oldest first. */
  openFor(ms: number, most: number): string[] {
    const before = Date.now() - ms;
    const old = [...this.#open].filter(([, { at }]) => at < before);
    return old.slice(0, most).map(([id]) => id);
  }

  /** What the API says of a task that did not arrive: `undefined` when it knows none. */
  settle(id: string, task: { readonly status: string; readonly code: string | undefined } | undefined): void {
    if (!this.#open.has(id)) return;
    if (task === undefined) this.lost.push(id);
    else if (task.status === "unchanged") this.unchanged += 1;
    else if (task.status === "failed")
      this.failed.set(task.code ?? "none", (this.failed.get(task.code ?? "none") ?? 0) + 1);
    else return;
    this.#open.delete(id);
  }
}
