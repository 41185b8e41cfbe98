// `npm run load:k6 -- baseline|stress`, `npm run load:artillery`: installs the tool and lets it loose on a cluster.
import './check-node.mjs'

const [tool] = process.argv.splice(2, 1)
const isHelp = process.argv.includes('--help')

Promise.all([import('./run-typescript.mjs'), import('./install-load-tools.mjs')])
  .then(([{ runTypeScript }, { installK6, installArtillery }]) => {
    const program = isHelp ? '' : tool === 'k6' ? installK6() : installArtillery()
    process.argv.splice(2, 0, tool, program)
    return runTypeScript({ load: 'tests/load/run-load.ts' }, ['backend', 'frontend', 'simulator'])
  })
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
