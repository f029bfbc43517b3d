import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/** Every answer carries an `x-request-id`: the client's own when it is harmless, else a new one. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get("x-request-id");
  response.setHeader("x-request-id", given !== undefined && ACCEPTED.test(given) ? given : randomUUID());
  next();
};
