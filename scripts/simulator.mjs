// `npm run simulator -- [--port N] [--plan PLAN]`: the simulated upstreams by themselves.
import './check-node.mjs'

import('./prepare.mjs')
  .then(({ prepare }) => {
    prepare(['simulator'])
    return import('../packages/simulator/dist/simulator.js')
  })
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
