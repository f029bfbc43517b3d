/** JSON Pointers (RFC 6901) to members of the file, which the validator speaks in, and as people read them. */

export function join(pointer: string, member: string | number): string {
  return `${pointer}/${String(member).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

export function parentOf(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf("/")));
}

export function membersOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((member) => member.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** `targets.team.headers["x y"]`; names that strangers to the schema chose are shortened. */
export function toPath(pointer: string): string {
  const shown = membersOf(pointer).map((member) => {
    if (/^\d+$/.test(member)) return `[${member}]`;
    return /^[\w-]{1,100}$/.test(member) ? `.${member}` : `[${JSON.stringify(member.slice(0, 100))}]`;
  });
  return shown.join("").replace(/^\./, "");
}
