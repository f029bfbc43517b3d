import { hash } from "node:crypto";

/** Every Redis key that is not BullMQ's own is made here; the prefix's hash tag keeps them in one Redis Cluster slot. */
export type Keys = ReturnType<typeof createKeys>;

export function createKeys(prefix: string) {
  return {
    /** Sorted set of task ids, all with score 0: ids sort by their time of creation. */
    taskIndex: `${prefix}:task-index`,
    /** Sorted set of deliveries, all with score 0: their times of creation in hexadecimal and their ids. */
    deliveryIndex: `${prefix}:delivery-index`,
    /** How far the present look through an index has come. */
    sweepCursor: (index: string) => `${prefix}:sweep-cursor:${index}`,
    cancelledTask: (taskId: string) => `${prefix}:cancelled:${taskId}`,
    /** Sorted set of admissions under way, scored by when they lapse. */
    admissions: `${prefix}:admissions`,
    /** Sorted set of the versions that workers are of, by when they last said so. */
    workerVersions: `${prefix}:worker-versions`,
    /** The job, by its Redis key, that runs alone because processes died with it. */
    suspect: `${prefix}:suspect`,
    /** How many requests a client has made in its window; the client is a digest of its key, or an address. */
    requestCount: (client: string) => `${prefix}:requests:${client}`,
    idempotency: (scope: string, key: string) => `${prefix}:idempotency:${sha256(`${scope}\n${key}`)}`,
    /** The task that a source's event was given. */
    sourceEvent: (source: string, inbox: string, eventId: string) =>
      `${prefix}:event:${source}:${sha256(`${inbox}\n${eventId}`)}`,
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
    /** Targets that received a baseline last or are to receive it. */
    baselineUsers: (baselineId: string) => `${prefix}:baseline-users:${baselineId}`,
    attempts: (deliveryId: string) => `${prefix}:attempts:${deliveryId}`,
    lane: (target: string) => `${prefix}:lane:${target}`,
    /** Sorted sets of delivery ids: those that asked in vain, in order; the same by when they come back; those under way. */
    laneWaiting: (target: string) => `${prefix}:lane-waiting:${target}`,
    laneExpected: (target: string) => `${prefix}:lane-expected:${target}`,
    laneInFlight: (target: string) => `${prefix}:lane-in-flight:${target}`,
    parked: (target: string) => `${prefix}:parked:${target}`,
    /** Sorted set of the deliveries of a thread that are not sent yet, in order. */
    threadOrder: (target: string, threadKey: string) => `${prefix}:thread-order:${target}:${sha256(threadKey)}`,
    /** Whose turn it is in a thread. */
    threadTurn: (target: string, threadKey: string) => `${prefix}:thread-turn:${target}:${sha256(threadKey)}`,
    /** What is known of a thread's root on one day. */
    threadRoot: (target: string, threadKey: string, day: string) =>
      `${prefix}:thread-root:${target}:${day}:${sha256(threadKey)}`,
    /** A target that a request supplied, by its name. */
    inlineTarget: (name: string) => `${prefix}:inline-target:${name}`,
    /** Set while the operator was told of failures a moment ago; how many were not told since. */
    operatorMissed: (target: string) => `${prefix}:operator-missed:${target}`,
    operatorNotice: (target: string) => `${prefix}:operator-notice:${target}`,
    /** Written to see whether Redis takes anything. */
    writeProbe: `${prefix}:write-probe`,
  };
}

/** The hexadecimal SHA-256 of a text. */
export function sha256(text: string | Uint8Array): string {
  return hash("sha256", text);
}
