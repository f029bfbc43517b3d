import { randomUUID } from "node:crypto";
import type { PlainHandler } from "./plain-handler.ts";

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/** Every answer carries an `x-request-id`: the client's own when it is harmless, else a new one. */
export const requestId: PlainHandler = (request, response, next) => {
  const given = request.headers["x-request-id"];
  response.setHeader("x-request-id", typeof given === "string" && ACCEPTED.test(given) ? given : randomUUID());
  next();
};
