/** ISO/IEC 7812-1: 13 to 19 digits, perhaps in groups, not within a longer word. No card begins with 0, 1, 7, 8 or 9 (airlines, and the clock's milliseconds). */
const RUN = /(?<![0-9A-Za-z_-])[2-6](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z_-])/g

/** Every run of digits in the text that could be a card's number: the right length, and the right check digit. */
export function cardNumbersIn(text: string): string[] {
  return [...text.matchAll(RUN)].map(([run]) => run).filter((run) => passesLuhn(run.replaceAll(/[ -]/g, '')))
}

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (const [place, digit] of [...digits].reverse().entries()) {
    const doubled = Number.parseInt(digit, 10) * (place % 2 === 0 ? 1 : 2)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
