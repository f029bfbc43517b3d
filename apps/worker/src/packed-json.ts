import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Below this many bytes the gzip header costs more than it saves. */
const SMALLEST_COMPRESSED = 1024;
const GZIP_MAGIC = 0x1f;

/** Bytes for Redis: as they are when small, else gzipped. JSON never begins with gzip's first byte. */
export async function pack(bytes: Buffer): Promise<Buffer> {
  return bytes.length < SMALLEST_COMPRESSED ? bytes : compress(bytes, { level: 4 });
}

/** The bytes that {@link pack} was given. */
export async function unpack(packed: Buffer): Promise<Buffer> {
  return packed[0] === GZIP_MAGIC ? decompress(packed) : packed;
}

export function packJson(value: unknown): Promise<Buffer> {
  return pack(Buffer.from(JSON.stringify(value)));
}

/** Reads what we wrote ourselves under a key of ours; its shape is the writer's. */
export async function unpackJson<T>(packed: Buffer): Promise<T> {
  return JSON.parse((await unpack(packed)).toString("utf8")) as T;
}
