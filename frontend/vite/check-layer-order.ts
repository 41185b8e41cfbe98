import type { Plugin } from 'vite'

/** As at the top of tokens.css. */
const layers = 'reset tokens base parts page'

/**
 * Cascade layers rank in the order in which the page first meets them. Were the style sheet of some part loaded before
 * the one that names all layers, every page style would lose to the reset. Fails the build in that case.
 */
export function checkLayerOrder(): Plugin {
  return {
    name: 'check-layer-order',
    apply: 'build',
    writeBundle(_options, bundle) {
      const html = readAsset(bundle['index.html'])
      const first = /<link rel="stylesheet"[^>]* href="\/([^"]+)"/.exec(html)?.[1] ?? ''
      const css = readAsset(bundle[first])
      const named = [...css.matchAll(/@layer ([\w, ]+)/g)].flatMap((match) => (match[1] ?? '').split(/,\s*/))
      const order = [...new Set(named)].join(' ')
      if (order !== layers) this.error(`the layers of ${first} come as "${order}" and not as "${layers}"`)
    },
  }
}

function readAsset(output: { type: string; source?: string | Uint8Array } | undefined): string {
  const source = output?.type === 'asset' ? (output.source ?? '') : ''
  return typeof source === 'string' ? source : new TextDecoder().decode(source)
}
