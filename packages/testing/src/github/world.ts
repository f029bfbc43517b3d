import type { RepositoryInput } from "./inputs.ts";
import { SimulatedRepository } from "./repository.ts";
import { Users } from "./users.ts";

export type Lookup =
  | { kind: "found"; repository: SimulatedRepository }
  | { kind: "moved"; repository: SimulatedRepository }
  | { kind: "blocked" }
  | { kind: "missing" };

/** All repositories and users, found without regard to case. */
export class World {
  readonly users = new Users();
  readonly #byName = new Map<string, SimulatedRepository>();
  readonly #formerNames = new Map<string, SimulatedRepository>();
  readonly #blocked = new Set<SimulatedRepository>();
  #nextId = 50_001;

  addRepository(input: RepositoryInput): SimulatedRepository {
    const repository = new SimulatedRepository(this.#nextId++, input, this.users);
    this.#byName.set(toKey(repository.fullName), repository);
    return repository;
  }

  rename(from: string, to: string): void {
    const repository = this.#require(from);
    const [owner, name] = to.split("/");
    if (!owner || !name) throw new Error(`Not owner/name: ${to}`);
    this.#byName.delete(toKey(from));
    this.#formerNames.set(toKey(from), repository);
    this.users.ensure(owner);
    Object.assign(repository, { owner, name });
    this.#byName.set(toKey(to), repository);
  }

  blockLegally(fullName: string): void {
    this.#blocked.add(this.#require(fullName));
  }

  remove(fullName: string): void {
    const repository = this.#require(fullName);
    this.#byName.delete(toKey(fullName));
    for (const [name, target] of this.#formerNames) if (target === repository) this.#formerNames.delete(name);
  }

  findByName(fullName: string): Lookup {
    const current = this.#byName.get(toKey(fullName));
    if (current) return this.#toLookup(current);
    const moved = this.#formerNames.get(toKey(fullName));
    return moved ? { kind: "moved", repository: moved } : { kind: "missing" };
  }

  findById(id: number): Lookup {
    for (const repository of this.#byName.values()) if (repository.id === id) return this.#toLookup(repository);
    return { kind: "missing" };
  }

  #toLookup(repository: SimulatedRepository): Lookup {
    return this.#blocked.has(repository) ? { kind: "blocked" } : { kind: "found", repository };
  }

  #require(fullName: string): SimulatedRepository {
    const repository = this.#byName.get(toKey(fullName));
    if (!repository) throw new Error(`The simulator has no repository ${fullName}`);
    return repository;
  }
}

function toKey(fullName: string): string {
  return fullName.toLowerCase();
}
