/** A figure of a brand's business, read from the database when it is asked for. */
export interface BusinessFigure {
  readonly name: string
  readonly help: string
  /** Columns of the answer that become labels: few values each, nothing of any person. The column `value` is the figure. */
  readonly labels: readonly string[]
  /** Answers a row for each value of the labels; by an index, since it is asked again and again. */
  readonly sql: string
  /** What `$1` and on stand for: the instant, the business date of the brand. */
  readonly values: readonly ('now' | 'today')[]
}
