interface KeyPress {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  keyCode: number
  isComposing: boolean
}

/** True while a key belongs to the input method: Safari ends the composition before that keydown, so only 229 tells there. */
export function isComposing({ isComposing: isActive, keyCode }: Pick<KeyPress, 'isComposing' | 'keyCode'>): boolean {
  return isActive || keyCode === 229
}

/** Whether a key press sends: Enter, or Ctrl/Cmd + Enter when Enter is set to break the line. */
export function isSendKey(press: KeyPress, isEnterToSend: boolean): boolean {
  if (press.key !== 'Enter' || isComposing(press) || press.shiftKey || press.altKey) return false
  return isEnterToSend || press.ctrlKey || press.metaKey
}
