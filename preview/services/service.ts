import type { Html } from "../html.ts";

/** One request, as a service reads it. */
export interface Sent {
  readonly url: URL;
  /** The decoded body: JSON, or a form's fields. */
  readonly payload: unknown;
  readonly bytes: number;
}

/** One of a service's limits, and how much of it a payload takes. */
export interface Size {
  readonly what: string;
  readonly size: number;
  readonly max: number;
}

/** How one service shows what it is sent. */
export interface Service {
  readonly title: string;
  /** What to know when looking at it. */
  readonly note: string;
  render(sent: Sent): Html;
  sizes(sent: Sent): readonly Size[];
}
