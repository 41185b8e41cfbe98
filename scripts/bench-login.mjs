// A login storm while answers stream: bundles the benchmark and its drivers, builds what is stale, and runs it.
import { runTypeScript } from './run-typescript.mjs'

await runTypeScript(
  {
    'bench-login': 'tests/bench/bench-login.ts',
    'gap-driver': 'tests/bench/gap-driver.ts',
    'login-driver': 'tests/bench/login-driver.ts',
  },
  ['backend', 'simulator'],
)
