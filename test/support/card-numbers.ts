/** ISO/IEC 7812-1: 13 to 19 digits, perhaps in groups, not within a longer word. */
const RUN = /(?<![0-9A-Za-z_-])[2-6](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z_-])/g
/** What schemes issue: 3 to 6, and of 2 the range from 2221 to 2720. No clock's milliseconds begin so, and no Alipay number. */
const ISSUED = /^(?:[3-6]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/

/** Every run of digits in the text that could be a card's number: issued, of the right length, and with the right check digit. */
export function cardNumbersIn(text: string): string[] {
  return [...text.matchAll(RUN)]
    .map(([run]) => run)
    .filter((run) => ISSUED.test(run.replaceAll(/[ -]/g, '')) && passesLuhn(run.replaceAll(/[ -]/g, '')))
}

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (const [place, digit] of [...digits].reverse().entries()) {
    const doubled = Number.parseInt(digit, 10) * (place % 2 === 0 ? 1 : 2)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
