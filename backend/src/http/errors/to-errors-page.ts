import { errorCatalogue } from '@llmchat/protocol/error-code'

const intro = `# Errors

Every error of the HTTP interface is one of these codes, in this shape:

\`\`\`json
{ "error": { "code": "rate_limited", "message": "Too many requests. Wait a moment.", "requestId": "01a2…" } }
\`\`\`

- \`code\` is what programs look at: it does not change. \`message\` is English, for people, and may become better.
- \`requestId\` is also in the header \`x-request-id\` and in the server's log: name it when you ask for help.
- \`details\` is there where more can be said; for \`invalid_request\` a list of \`{in, path, problem}\`.
- **Again:** the same request may succeed later. Wait for the header \`retry-after\` (seconds) where there is one.
- An answer that has begun to stream cannot become an HTTP error any more: it ends with the code in its \`data-delivery\` event.
- \`/v1/*\` says the same in OpenAI's shape, with our code in \`error.code\`.

This page is made from \`packages/protocol/src/error-code.ts\` by \`npm run generate:api\`; a test keeps the two equal.

| code | status | again | message |
| --- | --- | --- | --- |
`

/** `docs/ERRORS.md`. Pure. */
export function toErrorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, entry]) => `| \`${code}\` | ${entry.status} | ${entry.isRetryable ? 'yes' : 'no'} | ${entry.message} |`,
  )
  return `${intro}${rows.join('\n')}\n`
}
