/** Orders `MAJOR.MINOR.PATCH` by number: negative when `left` is older. What follows a `-` or `+` is not looked at. */
export function compareVersions(left: string, right: string): number {
  const toNumbers = (version: string): number[] => (version.split(/[-+]/)[0] ?? '').split('.').map(Number)
  const [leftNumbers, rightNumbers] = [toNumbers(left), toNumbers(right)]
  for (let index = 0; index < 3; index += 1) {
    const difference = (leftNumbers[index] ?? 0) - (rightNumbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
