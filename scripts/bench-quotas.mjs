// `npm run bench:quotas`: what quotas add to accepting a message.
import './check-node.mjs'

import('./run-typescript.mjs')
  .then(({ runTypeScript }) => runTypeScript({ 'bench-quotas': 'tests/bench/bench-quotas.ts' }, []))
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
