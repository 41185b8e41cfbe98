// `npm start`: everything from a bare checkout to a running server.
import './check-node.mjs'

// The server runs in this very process: signals and the exit code are its own, and none is sent on twice.
import('./prepare.mjs')
  .then(({ prepare }) => {
    prepare(['backend', 'frontend'])
    process.argv.splice(2, 0, 'serve')
    return import('../backend/dist/llmchat.js')
  })
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
