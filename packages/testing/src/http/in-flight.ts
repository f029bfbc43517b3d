import type { ServerResponse } from "node:http";

/** Counts requests between their arrival and the end of their response. */
export class InFlight {
  current = 0;
  max = 0;

  /** Counts a request until its response is closed, whether finished or broken off. */
  enter(response: ServerResponse): void {
    this.current += 1;
    this.max = Math.max(this.max, this.current);
    response.once("close", () => {
      this.current -= 1;
    });
  }
}
