const cjk = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/gu

/** A rough count for upstreams that tell none: a token per CJK character, one per four others. */
export function estimateTokens(text: string): number {
  const wide = text.match(cjk)?.length ?? 0
  return wide + Math.ceil((text.length - wide) / 4)
}
