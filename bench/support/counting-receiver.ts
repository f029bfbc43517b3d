/** A webhook that answers 200 at once and counts; each count is printed when asked for by a line on standard input. */
import { createServer } from "node:http";

let received = 0;
let bytes = 0;
const server = createServer((request, response) => {
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.once("end", () => {
    received += 1;
    response.end();
  });
  if (request.method === "GET") {
    request.resume();
    received -= 1;
    response.write(JSON.stringify({ received, bytes, at: performance.now() }));
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.stdout.write(`receiver.ready ${address.port}\n`);
});
