/**
 * Ids sort by their time of creation as text, contain no `.` (Standard Webhooks forbids it in a `webhook-id`)
 * and no `:` (BullMQ forbids it), and are never all digits (BullMQ again).
 */

/** Hexadecimal digits that order the tasks of one millisecond. */
export const ORDER_DIGITS = 13;
/** Tasks that one batch can number. */
export const LARGEST_INDEX = 0xfff;

/**
 * A task's id from its time of creation (ms), the hexadecimal digits that order the tasks of that millisecond (the
 * first 13 count) and its index in a batch, from 0 to 4095. Ids sort in that order.
 */
export function toTaskId(createdAtMs: number, orderHex: string, index = 0): string {
  const time = createdAtMs.toString(16).padStart(12, "0");
  return `t${time}${orderHex.slice(0, ORDER_DIGITS)}${index.toString(16).padStart(3, "0")}`;
}

/** When the task was created, ms since the epoch. */
export function toCreatedAtMs(taskId: string): number {
  return Number.parseInt(taskId.slice(1, 13), 16);
}

/** The id of a task's delivery to one target: the same however often the task is run. */
export function toDeliveryId(taskId: string, targetKey: string): string {
  return `d${taskId.slice(1)}-${targetKey}`;
}

/** Whether a text has the shape of a task's id. */
export function isTaskId(text: string): boolean {
  return /^t[0-9a-f]{28}$/.test(text);
}

/** Whether a text has the shape of a delivery's id. */
export function isDeliveryId(text: string): boolean {
  return /^d[0-9a-f]{28}-[0-9a-f]{8}$/.test(text);
}
