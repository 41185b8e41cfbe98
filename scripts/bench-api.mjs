// `npm run bench:api`: the same requests with the cache on and off.
import './check-node.mjs'

import('./run-typescript.mjs')
  .then(({ runTypeScript }) => runTypeScript({ 'bench-api': 'tests/bench/bench-api.ts' }, ['backend', 'frontend']))
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
