/** The first character of a name, for the round picture of a person. */
export function toInitial(name: string): string {
  return /\S/u.exec(name)?.[0].toUpperCase() ?? '·'
}
