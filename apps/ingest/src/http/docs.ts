import { createRequire } from "node:module";
import { dirname } from "node:path";
import express, { type Router } from "express";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hookline API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });\n`;

/** The API's page. Everything it loads comes from here, so that it works without a network. */
export function createDocs(): Router {
  const router = express.Router();
  const assets = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  router.get("/", (_request, response) => void response.type("html").send(PAGE));
  router.get("/start.js", (_request, response) => void response.type("js").send(START));
  for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
    router.get(`/${file}`, (_request, response) => void response.sendFile(file, { root: assets, maxAge: "1h" }));
  }
  return router;
}
