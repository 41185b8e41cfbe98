// `npm run bench:sla`: the promised numbers on one machine, through nginx, with three instances.
import './check-node.mjs'

const programs = { 'bench-sla': 'tests/bench/bench-sla.ts', 'load-driver': 'tests/bench/load-driver.ts' }

import('./run-typescript.mjs')
  .then(({ runTypeScript }) => runTypeScript(programs, ['backend', 'frontend', 'simulator']))
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
