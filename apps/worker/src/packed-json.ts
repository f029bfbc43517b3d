import { promisify } from "node:util";
import { gunzip, gunzipSync, gzip, gzipSync } from "node:zlib";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Below this many bytes the gzip header costs more than it saves. */
const SMALLEST_COMPRESSED = 1024;
const GZIP_MAGIC = 0x1f;
const LEVEL = { level: 4 };
/**
 * Up to so many bytes the work itself (27 µs for 4 KiB) costs less than handing it to another thread and back (another
 * 200 µs of processor time); above, it would keep everything else waiting.
 */
const LARGEST_AT_ONCE = 65_536;
const LARGEST_PACKED_AT_ONCE = 16_384;

/** Bytes for Redis: as they are when small, else gzipped. JSON never begins with gzip's first byte. */
export async function pack(bytes: Buffer): Promise<Buffer> {
  if (bytes.length < SMALLEST_COMPRESSED) return bytes;
  return bytes.length <= LARGEST_AT_ONCE ? gzipSync(bytes, LEVEL) : compress(bytes, LEVEL);
}

/** The bytes that {@link pack} was given. */
export async function unpack(packed: Buffer): Promise<Buffer> {
  if (packed[0] !== GZIP_MAGIC) return packed;
  return packed.length <= LARGEST_PACKED_AT_ONCE ? gunzipSync(packed) : decompress(packed);
}

interface Versioned<T> {
  readonly version: number;
  readonly value: T;
}

/** A value as bytes for Redis, marked with the version of its shape: what is stored outlives deploys. */
export function packJson<T>(version: number, value: T): Promise<Buffer> {
  const versioned: Versioned<T> = { version, value };
  return pack(Buffer.from(JSON.stringify(versioned)));
}

/** What {@link packJson} was given; `undefined` when there is nothing, it is damaged or its shape is of another version. */
export async function unpackJson<T>(version: number, packed: Buffer | null): Promise<T | undefined> {
  if (packed === null) return undefined;
  try {
    const stored = JSON.parse((await unpack(packed)).toString("utf8")) as Versioned<T>;
    return stored.version === version ? stored.value : undefined;
  } catch {
    // All that is kept like this can be had again; whoever does so replaces the damaged copy.
    return undefined;
  }
}
