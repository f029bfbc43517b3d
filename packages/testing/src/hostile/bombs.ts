import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";

/** Enough to be a hundred times what anybody should read. */
export const BOMB_BYTES = 120_000_000;
const PART_BYTES = 10_000_000;

type Encoding = "gzip" | "deflate" | "br" | "zstd";
const made = new Map<Encoding, Buffer>();

/** Making them takes a second, in which this process answers nobody. */
export function prepareBombs(): void {
  for (const encoding of Object.keys(MAKERS) as Encoding[]) toBomb(encoding);
}

/** A small body that unpacks to 120 MB of JSON's own white space. */
export function toBomb(encoding: Encoding): Buffer {
  const known = made.get(encoding) ?? MAKERS[encoding]();
  made.set(encoding, known);
  return known;
}

const MAKERS: Readonly<Record<Encoding, () => Buffer>> = {
  // Members of gzip follow each other.
  gzip: () => Buffer.concat(Array<Buffer>(BOMB_BYTES / PART_BYTES).fill(gzipSync(blanks(PART_BYTES)))),
  deflate: () => deflateSync(blanks(BOMB_BYTES), { level: 1 }),
  br: () => brotliCompressSync(blanks(BOMB_BYTES), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: toZstd,
};

function blanks(length: number): Buffer {
  return Buffer.alloc(length, " ");
}

const BLOCK_BYTES = 128 * 1024;

/** Written by hand, for Node 20 has no zstd: frames of "repeat this byte" blocks (RFC 8878, section 3.1.1.2). */
function toZstd(): Buffer {
  const blocks = Math.ceil(BOMB_BYTES / BLOCK_BYTES);
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
  const frame = Array.from({ length: blocks }, (_, index) => {
    const isLast = index === blocks - 1 ? 1 : 0;
    const word = (BLOCK_BYTES << 3) | (1 << 1) | isLast;
    return Buffer.from([word & 255, (word >> 8) & 255, (word >> 16) & 255, 0x20]);
  });
  return Buffer.concat([head, ...frame]);
}
