// `npm run llmchat -- COMMAND`: the command line program, built first where that is needed.
import './check-node.mjs'

import('./prepare.mjs')
  .then(({ prepare }) => {
    prepare(['backend', ...(process.argv[2] === 'serve' ? ['frontend'] : [])])
    return import('../backend/dist/llmchat.js')
  })
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
