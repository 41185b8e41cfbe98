// `npm run drill:takeover`, `drill:redis`, `drill:postgres`: faults under load, and whether the ledger closes.
import './check-node.mjs'

import('./run-typescript.mjs')
  .then(({ runTypeScript }) => runTypeScript({ drill: 'tests/drills/run.ts' }, ['backend', 'frontend', 'simulator']))
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
