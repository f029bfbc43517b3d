/** Whether a system call failed with this code, e.g. `EEXIST`. Not `instanceof`: Jest's sandbox has an `Error` of its own. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
