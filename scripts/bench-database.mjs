// `npm run bench:database`: the hot statements at volume, before and after the indexes.
import './check-node.mjs'

import('./run-typescript.mjs')
  .then(({ runTypeScript }) => runTypeScript({ 'bench-database': 'tests/bench/bench-database.ts' }, []))
  .catch((error) => {
    console.error(error)
    process.exitCode = 1
  })
