import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface CertificateOptions {
  /** Its common name, and a DNS name it is good for; default `localhost`. */
  readonly name?: string;
  /** An IPv4 address it is good for; default none. */
  readonly address?: string;
  /** May sign others; default false. */
  readonly isAuthority?: boolean;
  /** The year from whose beginning on it has expired; default 2049. */
  readonly endsIn?: number;
  /** Who signs it; default itself. */
  readonly issuer?: Certificate;
}

/** A key and its certificate, as PEM. For tests: nobody trusts it unless told to. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly privateKey: KeyObject;
  readonly subject: Buffer;
}

/** Makes a certificate of version 3 with an ECDSA key (RFC 5280). */
export function createCertificate(options: CertificateOptions = {}): Certificate {
  const { name = "localhost", isAuthority = false, endsIn = 2049, issuer } = options;
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))));
  const ends = `${String(endsIn % 100).padStart(2, "0")}0101000000Z`;
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    issuer?.subject ?? subject,
    sequence(der(0x17, Buffer.from("150101000000Z")), der(0x17, Buffer.from(ends))),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...toExtensions({ name, address: options.address, isAuthority }))),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", content, issuer?.privateKey ?? privateKey));
  const base64 = sequence(content, ECDSA_WITH_SHA256, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
    privateKey,
    subject,
  };
}

interface Extensions {
  readonly name: string;
  readonly address: string | undefined;
  readonly isAuthority: boolean;
}

function toExtensions({ name, address, isAuthority }: Extensions): Buffer[] {
  if (isAuthority) return [sequence(BASIC_CONSTRAINTS, der(0x04, sequence(der(0x01, Buffer.from([0xff])))))];
  const bytes = address === undefined ? [] : [der(0x87, Buffer.from(address.split(".").map(Number)))];
  return [sequence(ALTERNATIVE_NAMES, der(0x04, sequence(der(0x82, Buffer.from(name)), ...bytes)))];
}

const COMMON_NAME = der(0x06, Buffer.from("550403", "hex"));
const BASIC_CONSTRAINTS = der(0x06, Buffer.from("551d13", "hex"));
const ALTERNATIVE_NAMES = der(0x06, Buffer.from("551d11", "hex"));
const ECDSA_WITH_SHA256 = sequence(der(0x06, Buffer.from("2a8648ce3d040302", "hex")));

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** One value in DER: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const short = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : short)]), content]);
}
