import { createHash } from "node:crypto";

/** Every Redis key that is not BullMQ's own is made here; the prefix's hash tag keeps them in one Redis Cluster slot. */
export type Keys = ReturnType<typeof createKeys>;

export function createKeys(prefix: string) {
  return {
    /** Sorted set of task ids, all with score 0: ids sort by their time of creation. */
    taskIndex: `${prefix}:task-index`,
    cancelledTask: (taskId: string) => `${prefix}:cancelled:${taskId}`,
    /** Sorted set of admissions under way, scored by when they lapse. */
    admissions: `${prefix}:admissions`,
    idempotency: (scope: string, key: string) => `${prefix}:idempotency:${sha256(`${scope}\n${key}`)}`,
    snapshot: (repository: string) => `${prefix}:snapshot:${repository}`,
    collecting: (repository: string) => `${prefix}:collecting:${repository}`,
    capturedSnapshot: (taskId: string) => `${prefix}:captured:${taskId}`,
    conditional: (credential: string, url: string) => `${prefix}:conditional:${credential}:${sha256(url)}`,
    displayName: (login: string) => `${prefix}:name:${login.toLowerCase()}`,
    githubLimit: (credential: string, resource: string) => `${prefix}:github-limit:${credential}:${resource}`,
    messageBody: (bodyId: string) => `${prefix}:body:${bodyId}`,
    /** Deliveries that a body shared by several still waits for. */
    messageUsers: (bodyId: string) => `${prefix}:body-users:${bodyId}`,
    /** What a target last received of a repository: points to a baseline. */
    lastDelivered: (target: string, repository: string) => `${prefix}:delivered:${target}:${repository}`,
    baseline: (baselineId: string) => `${prefix}:baseline:${baselineId}`,
    attempts: (deliveryId: string) => `${prefix}:attempts:${deliveryId}`,
    lane: (target: string) => `${prefix}:lane:${target}`,
    parked: (target: string) => `${prefix}:parked:${target}`,
  };
}

/** The hexadecimal SHA-256 of a text. */
export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}
