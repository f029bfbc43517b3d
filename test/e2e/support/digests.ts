import type { Digest } from "@hookline/contracts";
import type { Received } from "@hookline/testing";

/** The digest in a received post. */
export function toReceivedDigest(received: Received | undefined): Digest {
  if (received === undefined) throw new Error("nothing was received");
  return received.json as Digest;
}

export const OCTOCAT = { username: "octocat", repository: "hello-world" } as const;
