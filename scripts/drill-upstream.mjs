// `npm run drill:upstream`: sixteen ways in which an upstream fails.
import './check-node.mjs'

import('./run-typescript.mjs')
  .then(({ runTypeScript }) =>
    runTypeScript({ 'drill-upstream': 'tests/drills/upstream/drill-upstream.ts' }, ['backend', 'frontend']),
  )
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
