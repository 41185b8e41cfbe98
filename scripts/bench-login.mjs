// `npm run bench:login`: a login storm while answers stream.
import './check-node.mjs'

const programs = {
  'bench-login': 'tests/bench/bench-login.ts',
  'gap-driver': 'tests/bench/gap-driver.ts',
  'login-driver': 'tests/bench/login-driver.ts',
}

import('./run-typescript.mjs')
  .then(({ runTypeScript }) => runTypeScript(programs, ['backend', 'simulator']))
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
