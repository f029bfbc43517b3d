import type { TargetKind, TargetKindName } from "./target.ts";
import { webhookKind } from "./webhook/webhook.ts";

/** Every kind of target. A new one is a folder and a line here. */
export const targetKinds = {
  webhook: webhookKind,
} as const satisfies Record<TargetKindName, TargetKind>;
