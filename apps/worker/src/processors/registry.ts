import type { Processors } from "@hookline/queue";
import { createCaptureProcessor } from "./github-capture/process.ts";
import { createDigestProcessor, type DigestDependencies } from "./github-digest/process.ts";
import { createDeliverProcessor, type DeliverDependencies } from "./message-deliver/process.ts";
import { createSendProcessor, type SendDependencies } from "./message-send/process.ts";

/** One processor per kind of task; the compiler asks for a line when the catalog has a new kind. */
export function createProcessors(deps: DigestDependencies & SendDependencies & DeliverDependencies): Processors {
  return {
    "github.digest": createDigestProcessor(deps),
    "github.capture": createCaptureProcessor(deps),
    "message.send": createSendProcessor(deps),
    "message.deliver": createDeliverProcessor(deps),
  };
}
