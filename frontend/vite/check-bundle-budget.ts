import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

const maxKb = 130
const maxWithAnswerKb = 150

/**
 * Everything a new chat needs before a message can be written, sent and seen to be on its way. Catalogues are
 * alternatives, only the larger one counts.
 */
const needed = [/src\/main\.tsx$/, /features\/chat\/ChatPage\.tsx$/, /features\/chat\/thread\/Thread\.tsx$/]
const alternatives = [/catalogue\/zh-catalogue\.ts$/, /catalogue\/en-catalogue\.ts$/]
/** Fetched at once but waited for by nothing: until it is there, an answer stands as plain text. */
const beside = [/shared\/markdown\/Markdown\.tsx$/]

/** Adds up the gzipped JavaScript before a first message can be sent, prints it, and fails the build above the budgets. */
export function checkBundleBudget(): Plugin {
  return {
    name: 'check-bundle-budget',
    apply: 'build',
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
      const first = new Set(needed.flatMap((pattern) => listGraph(chunks, pattern)))
      const catalogues = alternatives.map((pattern) => listGraph(chunks, pattern).filter((chunk) => !first.has(chunk)))
      catalogues.sort((one, other) => toTotalKb(other) - toTotalKb(one))
      for (const chunk of catalogues[0] ?? []) first.add(chunk)
      const second = new Set(beside.flatMap((pattern) => listGraph(chunks, pattern)))
      for (const chunk of first) {
        second.delete(chunk)
        this.info(`${toKbText(toKb(chunk))}  ${chunk.fileName}`)
      }
      const totalKb = toTotalKb(first)
      const withAnswerKb = totalKb + toTotalKb(second)
      this.info(`${toKbText(totalKb)}  gzipped before a first message can be sent (budget ${maxKb} KB)`)
      this.info(`${toKbText(withAnswerKb)}  with what draws its answer (budget ${maxWithAnswerKb} KB)`)
      if (totalKb > maxKb) this.error(`${toKbText(totalKb)} of JavaScript is more than the budget of ${maxKb} KB`)
      if (withAnswerKb > maxWithAnswerKb)
        this.error(`${toKbText(withAnswerKb)} with the answer is more than the budget of ${maxWithAnswerKb} KB`)
    },
  }
}

/** The chunk of a module and all it imports at once. Not found means the list above is out of date: that is an error. */
function listGraph(chunks: readonly Rolldown.OutputChunk[], pattern: RegExp): Rolldown.OutputChunk[] {
  const start = chunks.find((chunk) => chunk.moduleIds.some((id) => pattern.test(id)))
  if (!start) throw new Error(`no chunk holds ${pattern.source}`)
  const graph = new Set<Rolldown.OutputChunk>()
  const visit = (chunk: Rolldown.OutputChunk) => {
    if (graph.has(chunk)) return
    graph.add(chunk)
    for (const fileName of chunk.imports) {
      const imported = chunks.find((each) => each.fileName === fileName)
      if (imported) visit(imported)
    }
  }
  visit(start)
  return [...graph]
}

function toTotalKb(chunks: Iterable<Rolldown.OutputChunk>): number {
  return [...chunks].reduce((totalKb, chunk) => totalKb + toKb(chunk), 0)
}

function toKb(chunk: Rolldown.OutputChunk): number {
  return gzipSync(chunk.code, { level: 9 }).length / 1000
}

function toKbText(kb: number): string {
  return `${kb.toFixed(1).padStart(6)} KB`
}
