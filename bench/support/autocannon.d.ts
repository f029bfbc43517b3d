/** The few members that the load generator uses: the package has no types of its own. */
declare module "autocannon" {
  import type { EventEmitter } from "node:events";

  interface Options {
    url: string;
    method: "POST";
    path?: string;
    headers: Record<string, string>;
    body: string;
    connections: number;
    /** Seconds. */
    duration: number;
    /** Whether each `[<id>]` in a body becomes an id of its own. */
    idReplacement: boolean;
    /** ms between looks at whether the time is over. */
    sampleInt: number;
  }
  interface Result {
    errors: number;
    timeouts: number;
    /** Seconds. */
    duration: number;
    "2xx": number;
  }
  /** Emits `response` with the client, the status, the bytes and the ms it took. */
  export default function autocannon(options: Options): EventEmitter & PromiseLike<Result>;
}
