import type { CapturePayload } from "@hookline/contracts";
import type { JobContext } from "@hookline/queue";
import type { CaptureStore } from "../../snapshots/capture-store.ts";
import type { SnapshotStore } from "../../snapshots/store.ts";

/** Collects at once what a task delivers later. When it cannot, the task collects for itself when it runs. */
export function createCaptureProcessor(deps: { readonly snapshots: SnapshotStore; readonly captures: CaptureStore }) {
  return async (payload: CapturePayload, context: JobContext): Promise<void> => {
    // Asked for again by a repeated request, it was made already.
    if ((await deps.captures.find(payload.taskId)) !== undefined) return;
    await deps.captures.save(payload.taskId, await deps.snapshots.get(payload, context.signal));
  };
}
