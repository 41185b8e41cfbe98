/** English words of the simulated answers. No Markdown sign, no digit, no HTML sign in any of the lists. */
export const ENGLISH_WORDS: readonly string[] = (
  'the of and to in is that for it as was with be by on not he this are or his from at which but have an they you were ' +
  'her she all would there been one so we when them some time very will over then out what about into more other only ' +
  'river mountain answer question window garden paper letter music winter summer bridge market engine signal pattern ' +
  'measure careful steady quiet bright simple honest gentle sudden golden hidden open little large early late several ' +
  'journey harbour library teacher student village station compass lantern weather promise reason memory shadow forest'
).split(' ')

/** Words whose UTF-8 form has two-byte characters. */
export const ACCENTED_WORDS: readonly string[] = [
  'café',
  'naïve',
  'façade',
  'Zürich',
  'señor',
  'déjà',
  'Škoda',
  'привет',
]

/** Chinese words: three bytes a character. */
export const CHINESE_WORDS: readonly string[] = (
  '我们 今天 天气 很好 请问 可以 问题 回答 时间 世界 学习 工作 城市 河流 山川 春天 秋天 朋友 老师 学生 电脑 网络 数据 系统 服务 ' +
  '稳定 安全 简单 认真 温和 因为 所以 但是 如果 已经 开始 继续 完成 重新 连接 消息 文字 声音 图像 方法 结果 原因 过程 目标 未来'
).split(' ')

/** Four-byte characters, a flag of two of them, and sequences held together by joiners: cuts inside them must do no harm. */
export const WIDE_SIGNS: readonly string[] = ['😀', '🚀', '🌍', '🎉', '👩‍💻', '👍🏽', '🇨🇳', '👨‍👩‍👧', '𠮷', '𡃁', '𝄞', '🀄']

export const ENGLISH_PUNCTUATION: readonly string[] = [',', '.', ';', '?', '!']
export const CHINESE_PUNCTUATION: readonly string[] = ['，', '。', '；', '？', '！']
