/** Where a statement has what an addition needs, as it stands in the text: `$4`. */
export interface AdditionPlace {
  userId: string
  agentId: string
  generationId: string
  /** Number of the first parameter that is free. */
  nextParameter: number
  /** Name of the CTE that has a row when the statement wrote, and none when it did not. */
  written: string
}

/**
 * What one room adds to another room's statement, so that both are one statement and so one transaction, without either
 * knowing the other's tables.
 */
export interface StatementAddition {
  /** Ends the statement's name: another text needs another one. */
  name: string
  toParts(place: AdditionPlace): {
    /** CTEs to come first, each with its comma. `gate` among them has one row when the statement may write, else none. */
    first: string
    /** CTEs to come last, each with a comma before it. */
    last: string
    /** An expression: what the addition has to say, as JSON. */
    report: string
  }
  /** From `nextParameter` on. */
  values: readonly unknown[]
}

/** What became of a statement with an addition. */
export interface Written {
  isWritten: boolean
  /** Of the addition; null without one. */
  report: unknown
}
