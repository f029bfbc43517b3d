import Type, { type TSchema } from "typebox";
import type { ProblemType } from "./problem.ts";

export type Method = "get" | "post" | "put" | "delete";

/** One operation of the HTTP API: it mounts the route, checks the input and is printed as OpenAPI. */
export interface Operation {
  readonly id: string;
  readonly method: Method;
  /** With parameters in OpenAPI's braces: `/tasks/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly isOpen?: boolean;
  /** Whether a parameter in the path is a secret: then no log and no answer shows it. */
  readonly hasSecretPath?: boolean;
  readonly query?: TSchema;
  readonly headers?: readonly { readonly name: string; readonly description: string }[];
  readonly body?: { readonly types: readonly string[]; readonly schema: TSchema };
  readonly answers: Readonly<
    Record<number, { readonly description: string; readonly schema?: TSchema; readonly type?: string }>
  >;
  readonly problems: readonly ProblemType[];
}

/** What operations have in common: the type of their bodies, and the problems of those that change something. */
export const json = ["application/json"] as const;
export const changing = ["unauthorized", "too_many_requests", "forbidden", "unavailable"] as const;

/** How long a page of any list is. */
export const pageLimit = Type.Optional(
  Type.String({
    pattern: "^([1-9][0-9]?|100)$",
    description: "1 to 100; 20 when left out.",
    "x-message": "must be a whole number from 1 to 100",
  }),
);
