import type { Readable } from "node:stream";

/** Of an answer this many bytes are kept; what follows is read, up to the second limit, so that the connection can be used again. */
const KEPT_BYTES = 16_384;
const READ_BYTES = 65_536;

/** Reads the beginning of a body as text; a longer one is cut off with its connection. */
export async function readCapped(body: Readable): Promise<{ text: string; isTruncated: boolean }> {
  const chunks: Buffer[] = [];
  let read = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (read < KEPT_BYTES) chunks.push(chunk.subarray(0, KEPT_BYTES - read));
    read += chunk.length;
    if (read > READ_BYTES) break;
  }
  return { text: Buffer.concat(chunks).toString("utf8"), isTruncated: read > KEPT_BYTES };
}
