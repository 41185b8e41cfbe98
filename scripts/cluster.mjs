// `npm run cluster -- --instances 3`: the whole of it on this machine: PostgreSQL, Redis, instances, nginx.
import './check-node.mjs'

import('./run-typescript.mjs')
  .then(({ runTypeScript }) =>
    runTypeScript({ cluster: 'tests/support/cluster/run-cluster.ts' }, ['backend', 'frontend', 'simulator']),
  )
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
