// Imported first by every program that people start: what comes after may not even parse on an older Node.
const NEEDED = [20, 19]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `LLMChat needs Node ${NEEDED.join('.')} or later; this is ${process.version}.\n` +
      'Install a current one from https://nodejs.org and try again.\n',
  )
  process.exit(1)
}
