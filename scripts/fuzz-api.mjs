// `npm run fuzz:api`: requests made from the OpenAPI description, against the running server.
import './check-node.mjs'

import('./run-typescript.mjs')
  .then(({ runTypeScript }) => runTypeScript({ 'fuzz-api': 'tests/fuzz/main.ts' }, ['backend', 'simulator']))
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
