// `npm run help`: what the other scripts are for.
import { readFileSync } from 'node:fs'

const lines = {
  start: 'install and build what is missing, then run the server with an embedded database and demo agents',
  llmchat: 'the command line: create-admin, create-api-key, agents import, doctor … (-- --help)',
  simulator: 'the simulated upstreams by themselves (-- --port N --plan PLAN)',
  cluster: 'PostgreSQL, Redis, instances and nginx on this machine (-- --instances 3)',
  'drill:takeover': 'instances die under running answers (-- --help)',
  'drill:redis': 'Redis goes away under running answers (-- --help)',
  'drill:postgres': 'PostgreSQL goes away under running answers (-- --help)',
  'drill:upstream': 'sixteen faults of upstreams, as a scorecard (-- --help)',
  'load:k6': 'many people at once by k6, against the SLA (-- baseline or -- stress)',
  'load:artillery': 'the same people by Artillery',
  build: 'build what has changed (-- --force for everything)',
  test: 'all tests',
  lint: 'the linter, no warnings allowed',
  format: 'put all files into the house format',
  'format:check': 'fail when a file is not in the house format',
  types: 'check all types',
  boundaries: 'check who imports whom',
  'dead-code': 'find files and exports that nothing uses',
  'generate:config': 'write .env.example and docs/CONFIG.md from the settings',
  'generate:api': 'write docs/openapi.json and docs/ERRORS.md from the schemas',
  'generate:asvs': 'write the counts of the audit page from the tables in docs/asvs',
  'audit:dependencies': 'ask the registry for known holes in what production installs (-- --help)',
  'bench:sla': 'the promised numbers on one machine: three instances behind nginx under load',
  'bench:streams': 'measure many streams at once',
  'bench:login': 'a login storm while answers stream',
  'bench:api': 'measure lists, pages and search with the cache on and off',
  'bench:database': 'fill a PostgreSQL with millions of messages and explain the hot statements',
  'bench:quotas': 'what quotas add to accepting a message and to its end',
  help: 'this list',
}

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
for (const [name, command] of Object.entries(scripts)) {
  const call = name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`
  console.log(`${call.padEnd(28)}${lines[name] ?? command}`)
}
