/** A response that is not JSON, as OpenAPI describes it: `schema.response[status]`. Says nothing to Fastify. */
export function describeContent(description: string, mediaType: string) {
  return { description, content: { [mediaType]: { schema: {} } } }
}
