import type { UserInput, UserType } from "./inputs.ts";

export interface SimulatedUser {
  id: number;
  login: string;
  name: string | null;
  type: UserType;
}

/** Everybody the simulator knows, by login, without regard to case. */
export class Users {
  readonly #byLogin = new Map<string, SimulatedUser>();
  #nextId = 1_000;

  find(login: string): SimulatedUser | undefined {
    return this.#byLogin.get(login.toLowerCase());
  }

  /** Adds a user, or changes name and type of a known one. */
  add(input: UserInput): SimulatedUser {
    const user = this.ensure(input.login);
    if (input.type !== undefined) user.type = input.type;
    if (input.name !== undefined) user.name = input.name;
    return user;
  }

  ensure(login: string): SimulatedUser {
    const known = this.find(login);
    if (known) return known;
    const isBot = login.endsWith("[bot]");
    const user: SimulatedUser = {
      id: this.#nextId++,
      login,
      name: isBot ? null : `Name Of ${login}`,
      type: isBot ? "Bot" : "User",
    };
    this.#byLogin.set(login.toLowerCase(), user);
    return user;
  }
}
