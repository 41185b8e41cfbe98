// `npm run bench:streams`: a thousand streams, against nginx.
import './check-node.mjs'

const programs = { 'bench-streams': 'tests/bench/bench-streams.ts', 'load-driver': 'tests/bench/load-driver.ts' }

import('./run-typescript.mjs')
  .then(({ runTypeScript }) => runTypeScript(programs, ['backend', 'frontend', 'simulator']))
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
