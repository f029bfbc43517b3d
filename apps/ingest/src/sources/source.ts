import type { BasecampDocument, FieldErrors, ProblemType } from "@hookline/contracts";
import type { InputError } from "@hookline/runtime";

/** What somebody sent, before anybody read it. */
export interface SourceRequest {
  /** The name of the inbox that it came in by; never its token. */
  readonly inbox: string;
  /** The bytes of the body, as they came. */
  readonly body: Uint8Array;
}

/** A document as a source knows it: its id and its time are those of the task that sends it. */
export type SourceDocument = Omit<BasecampDocument, "id" | "timestamp">;

/** What happened, ready to be told. */
export interface SourceEvent {
  /** The sender's own id, by which repeats are known; `null` when it gave none. */
  readonly id: string | null;
  /** Messages of one key and one day belong together, in the order in which they were accepted. */
  readonly threadKey: string;
  readonly document: SourceDocument;
}

/** What a source makes of a request. Answers are JSON as text: their numbers may have more digits than JavaScript's. */
export type Received =
  | { readonly kind: "accepted"; readonly event: SourceEvent; readonly answer: string }
  /** The sender only asks whether we are there, and wants this back. */
  | { readonly kind: "handshake"; readonly answer: string }
  /** Understood, and nothing that is to be told. */
  | { readonly kind: "ignored"; readonly reason: string }
  | {
      readonly kind: "rejected";
      readonly problem: ProblemType;
      readonly detail: string;
      readonly errors?: readonly InputError[] | FieldErrors;
    };

/** Who sends us events: a folder of its own, listed in the registry. Pure: it neither reads nor writes anything. */
export interface Source {
  readonly name: string;
  receive(request: SourceRequest): Received;
}
