// node ask-github.mjs <URL>…: asks each as the worker asks GitHub and prints what came of it, one JSON text a line.
import { createSendRequest } from "../../../apps/worker/dist/github/http.js";

const timeouts = { lookup: 1000, connect: 1000, secureConnect: 1000, response: 1000, request: 2000 };
const send = createSendRequest({ token: "a-token", timeouts });
for (const url of process.argv.slice(2)) {
  const said = await send({ url: new URL(url) }).then(
    ({ status }) => ({ status }),
    ({ code, message }) => ({ code, message }),
  );
  console.log(JSON.stringify(said));
}
process.exit(0);
