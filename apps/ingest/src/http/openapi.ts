import {
  BasecampDocumentSchema,
  DigestSchema,
  type Operation,
  ProblemSchema,
  type ProblemType,
  problemTypes,
  TargetDisabledDocumentSchema,
  TaskExhaustedDocumentSchema,
  TestDocumentSchema,
} from "@hookline/contracts";

type Json = Record<string, unknown>;

/** Builds the OpenAPI 3.1 document from the operations that are also mounted. Pure. */
export function toOpenApi(operations: readonly Operation[]): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method] = toOpenApiOperation(operation, schemas);
    paths[operation.path] = path;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Hookline",
      version: "0.1.0",
      summary: "A task comes in, a repository's digest arrives.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: ["tasks", "deliveries", "targets", "webhooks", "service"].map((name) => ({ name })),
    paths,
    webhooks: Object.fromEntries(
      documents.map(([name, summary, schema]) => [name, toWebhook(summary, share(schema, schemas))]),
    ),
    components: {
      schemas,
      securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "One of API_KEYS." } },
    },
  };
}

function toOpenApiOperation(operation: Operation, schemas: Json): Json {
  const { id, tag, summary, description, body, isOpen } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: isOpen === true ? [] : [{ apiKey: [] }],
    parameters: [...pathParameters(operation), ...queryParameters(operation), ...headerParameters(operation)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: content(body.types, share(body.schema, schemas)) } }),
    responses: { ...answers(operation, schemas), ...problems(operation.problems, schemas) },
  };
}

function pathParameters({ path }: Operation): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters({ query }: Operation): Json[] {
  const properties = (query as { properties?: Record<string, { description?: string }> } | undefined)?.properties ?? {};
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: false, schema }));
}

function headerParameters({ headers = [] }: Operation): Json[] {
  return headers.map((header) => ({ ...header, in: "header", required: false, schema: { type: "string" } }));
}

function answers(operation: Operation, schemas: Json): Json {
  return Object.fromEntries(
    Object.entries(operation.answers).map(([status, { description, schema, type }]) => {
      if (schema === undefined && type === undefined) return [status, { description }];
      const shared = schema === undefined ? { type: "string" } : share(schema, schemas);
      return [status, { description, content: content([type ?? "application/json"], shared) }];
    }),
  );
}

function problems(types: readonly ProblemType[], schemas: Json): Json {
  const byStatus = new Map<number, string[]>();
  for (const type of types) {
    const { status, title } = problemTypes[type];
    byStatus.set(status, [...(byStatus.get(status) ?? []), title]);
  }
  const schema = share(ProblemSchema, schemas);
  return Object.fromEntries(
    [...byStatus].map(([status, titles]) => [
      status,
      { description: `${titles.join(", or ")}.`, content: content(["application/problem+json"], schema) },
    ]),
  );
}

/** What webhook targets receive. */
const documents = [
  ["digest", "A repository's digest", DigestSchema],
  ["basecampRecording", "A Basecamp event", BasecampDocumentSchema],
  ["targetTest", "An example that POST /targets/{name}/test sends", TestDocumentSchema],
  ["targetDisabled", "To the operator: a target was disabled", TargetDisabledDocumentSchema],
  ["taskExhausted", "To the operator: a task has failed for good", TaskExhaustedDocumentSchema],
] as const;

function toWebhook(summary: string, schema: Json): Json {
  const description = "What a webhook target receives: signed per Standard Webhooks when it has a secret.";
  return {
    post: {
      summary,
      description,
      parameters: ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => ({
        name,
        in: "header",
        schema: { type: "string" },
      })),
      requestBody: { content: content(["application/json"], schema) },
      responses: { "2XX": { description: "Delivered; anything else is tried again." } },
    },
  };
}

function content(types: readonly string[], schema: Json): Json {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

/** Puts a titled schema among the components and refers to it; others stand where they are used. */
function share(schema: object, schemas: Json): Json {
  const plain = JSON.parse(JSON.stringify(schema)) as Json;
  const { title } = plain;
  if (typeof title !== "string") return plain;
  schemas[title] = plain;
  return { $ref: `#/components/schemas/${title}` };
}
