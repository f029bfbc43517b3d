/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** Names as they were sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const END_OF_HEAD = "\r\n\r\n";

/** Takes the first request off what was read, or nothing while it is incomplete. Knows no chunked requests. */
export function takeRequest(bytes: Buffer): { request: RawRequest; rest: Buffer } | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const [first = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const [method = "", path = "/"] = first.split(" ");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const length = Number(lines.find((line) => /^content-length:/i.test(line))?.slice("content-length:".length) ?? 0);
  const bodyAt = end + END_OF_HEAD.length;
  if (bytes.length < bodyAt + length) return undefined;
  const body = bytes.subarray(bodyAt, bodyAt + length);
  return { request: { method, path, headers, body }, rest: bytes.subarray(bodyAt + length) };
}
