import type { AddressInfo, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { type Certificate, createCertificate } from "./certificate.ts";

const ADDRESS = "127.0.0.1";
const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";

/** What may be wrong with a TLS server; `good` is one with which nothing is. */
export const tlsFlaws = [
  "good",
  "expired",
  "wrong-host",
  "self-signed",
  "unknown-authority",
  "broken-chain",
  "old-protocol",
  "plain-http",
  "hangs-in-handshake",
] as const;
export type TlsFlaw = (typeof tlsFlaws)[number];

export interface TlsServer {
  readonly url: string;
  /** Bytes of requests that came through: what a client must not send to a server that it cannot trust. */
  readonly received: number;
  stop(): Promise<void>;
}

/** An authority that the client under test is told to trust (`NODE_EXTRA_CA_CERTS`). */
export function createAuthority(name = "Test authority"): Certificate {
  return createCertificate({ name, isAuthority: true });
}

/** Starts a TLS server that answers 200 to whoever talks to it in spite of its flaw. */
export async function startTlsServer(flaw: TlsFlaw, authority: Certificate): Promise<TlsServer> {
  const sockets = new Set<Socket>();
  let received = 0;
  const onSocket = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    if (flaw === "hangs-in-handshake") return;
    socket.once("data", (chunk: Buffer) => {
      if (flaw !== "plain-http") received += chunk.length;
      socket.end(ANSWER);
    });
  };
  const isPlain = flaw === "plain-http" || flaw === "hangs-in-handshake";
  const server = isPlain ? createTcpServer(onSocket) : createTlsServer(toOptions(flaw, authority), onSocket);
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, ADDRESS, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://${ADDRESS}:${port}/`,
    get received() {
      return received;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function toOptions(flaw: TlsFlaw, authority: Certificate): TlsOptions {
  const good = { address: ADDRESS, issuer: authority };
  switch (flaw) {
    case "expired":
      return toPair(createCertificate({ ...good, endsIn: 2020 }));
    case "wrong-host":
      return toPair(createCertificate({ ...good, name: "elsewhere.example", address: "127.0.0.9" }));
    case "self-signed":
      return toPair(createCertificate({ address: ADDRESS }));
    case "unknown-authority": {
      const other = createAuthority("Another authority");
      const { key, cert } = createCertificate({ address: ADDRESS, issuer: other });
      return { key, cert: cert + other.cert };
    }
    case "broken-chain": {
      const between = createCertificate({ name: "Between", isAuthority: true, issuer: authority });
      return toPair(createCertificate({ address: ADDRESS, issuer: between }));
    }
    case "old-protocol":
      return { ...toPair(createCertificate(good)), ...OLD_PROTOCOL };
    default:
      return toPair(createCertificate(good));
  }
}

const OLD_PROTOCOL = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;

function toPair({ key, cert }: Certificate): TlsOptions {
  return { key, cert };
}
