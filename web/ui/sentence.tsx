/** What must not be torn where a line wraps: dates, times, phone numbers in groups, a count in brackets. */
const whole =
  /(\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?|\d{3,6}(?: \d{3,6}){1,2}|\d{3}\*{4}\d{4}|（[^）\d]{0,6}\d[^）]{0,6}）|\([^)\d]{0,12}\d[^)]{0,12}\))/

/** A sentence of the catalogues, its dates and numbers each kept on one line. */
export function Sentence({ children }: { readonly children: string }) {
  return children.split(whole).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text are their places
      <span key={at} className="whitespace-nowrap">
        {part}
      </span>
    ),
  )
}
