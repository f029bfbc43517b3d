# The images of Hookline: targets `ingest` and `worker`, and `simulators` for `docker compose --profile demo`.
# Each holds Node, compiled code and the app's own production dependencies: no sources, no compiler, no tests.

FROM node:24-bookworm-slim AS base
WORKDIR /app

# What decides which packages are installed: while these files stay the same, every installation below is cached.
FROM base AS manifests
COPY .npmrc package.json package-lock.json ./
COPY packages packages
COPY apps apps
RUN find packages apps -type f ! -name package.json -delete && find packages apps -type d -empty -delete

FROM base AS build
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.base.json ./
COPY packages packages
COPY apps apps
RUN npx tsc -b apps/ingest apps/worker packages/testing \
 && find packages apps -path '*/dist/*' \( -name '*.map' -o -name '*.d.ts' -o -name .tsbuildinfo \) -delete

# `install-for <workspace>`: its production dependencies, less what is never loaded: declarations, source maps, the
# compiler (an optional peer of a dependency) and the builds of Swagger UI that /docs does not serve.
FROM base AS dependencies
COPY --from=manifests /app ./
COPY --chmod=755 <<'SCRIPT' /usr/local/bin/install-for
#!/bin/sh
set -eu
npm ci --omit=dev --ignore-scripts --include-workspace-root=false --workspace "$1"
rm -rf node_modules/typescript node_modules/@typescript node_modules/.package-lock.json
unused() { find . -path '*/node_modules/*' -type f "$@" -delete; }
unused \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' \)
unused -path '*/swagger-ui-dist/*' ! -name package.json ! -name 'LICENSE*' ! -name NOTICE \
  ! -name swagger-ui.css ! -name 'swagger-ui-bundle.js*'
SCRIPT

FROM dependencies AS ingest-dependencies
RUN --mount=type=cache,target=/root/.npm install-for apps/ingest

FROM dependencies AS worker-dependencies
RUN --mount=type=cache,target=/root/.npm install-for apps/worker

FROM dependencies AS simulators-dependencies
RUN --mount=type=cache,target=/root/.npm install-for packages/testing

# Files belong to root and the process does not: it cannot change its own code.
FROM base AS runtime
ENV NODE_ENV=production
USER node

FROM runtime AS app
COPY --from=manifests /app/packages/contracts/package.json packages/contracts/
COPY --from=manifests /app/packages/project/package.json packages/project/
COPY --from=manifests /app/packages/queue/package.json packages/queue/
COPY --from=manifests /app/packages/runtime/package.json packages/runtime/
COPY --from=manifests /app/packages/telemetry/package.json packages/telemetry/
COPY --from=build /app/packages/contracts/dist packages/contracts/dist
COPY --from=build /app/packages/project/dist packages/project/dist
COPY --from=build /app/packages/queue/dist packages/queue/dist
COPY --from=build /app/packages/runtime/dist packages/runtime/dist
COPY --from=build /app/packages/telemetry/dist packages/telemetry/dist

FROM app AS ingest
COPY --from=ingest-dependencies /app/node_modules node_modules
COPY --from=ingest-dependencies /app/apps/ingest apps/ingest
COPY --from=build /app/apps/ingest/dist apps/ingest/dist
EXPOSE 4001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4001}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/ingest/dist/main.js"]

FROM app AS worker
COPY --from=worker-dependencies /app/node_modules node_modules
COPY --from=worker-dependencies /app/apps/worker apps/worker
COPY --from=build /app/apps/worker/dist apps/worker/dist
EXPOSE 4002
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_PORT || 4002}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/worker/dist/main.js"]

FROM runtime AS simulators
COPY --from=simulators-dependencies /app/node_modules node_modules
COPY --from=simulators-dependencies /app/packages/testing packages/testing
COPY --from=build /app/packages/testing/dist packages/testing/dist
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "packages/testing/dist/inbox-main.js"]
