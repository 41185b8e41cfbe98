import type { Rules } from 'marked'

/**
 * CommonMark decides by the characters beside `**` whether it opens or closes, and counts on spaces between words:
 * `**重要：**请注意` and `**95%**的` stay unbold, because a closing run after punctuation must be followed by a space.
 * Chinese has none. Two changes to marked's own rules mend it and keep its linear search: CJK punctuation counts as a
 * letter, and a CJK character on the other side of other punctuation counts as a space would.
 */
export function toCjkRules(rules: Rules): Rules {
  return { ...rules, inline: { ...rules.inline, emStrongLDelim, emStrongRDelimAst, punctuation } }
}

const cjk =
  '[“”‘’…—·\\u3001-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\uff01-\\uffef\\u{20000}-\\u{3ffff}]'
const cjkPunctuation =
  '[“”‘’…—·\\u3001-\\u303f\\u30fb\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\uffe0-\\uffee]'
// GFM allows ~ inside strong and em.
const mark = `(?!~)(?!${cjkPunctuation})[\\p{P}\\p{S}]`
const markOrSpace = `(?!~)(?!${cjkPunctuation})[\\s\\p{P}\\p{S}]`
const letter = `(?:[^\\s\\p{P}\\p{S}]|~|${cjkPunctuation})`

const punctuation = new RegExp(`^((?![*_])(?:[\\s\\p{P}\\p{S}]|${cjk}))`, 'u')

const emStrongLDelim = new RegExp(`^(?:\\*+(?:((?!\\*)${mark})|([^\\s*]))?)|^_+(?:((?!_)${mark})|([^\\s_]))?`, 'u')

/** The groups stand where marked reads them: 1-2 can only close, 3-4 can only open, 5-6 can do either. */
const emStrongRDelimAst = new RegExp(
  [
    '^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)',
    '[^*]+(?=[^*])',
    `(?!\\*)${mark}(\\*+)(?=\\s|$)`,
    `${letter}(\\*+)(?!\\*)(?=${markOrSpace}|$)`,
    `(?!\\*)(?!${mark}\\*+${cjk})${markOrSpace}(\\*+)(?=${letter})`,
    `\\s(\\*+)(?!\\*)(?=${mark})`,
    `(?!\\*)${mark}(\\*+)(?!\\*)(?=${mark}|${cjk})`,
    `${letter}(\\*+)(?=${letter})`,
  ].join('|'),
  'gu',
)
