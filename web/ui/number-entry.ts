import { groupDigits, type NumberPlan, numberLength } from './number-plan.ts'

/** No number of ITU-T E.164 is longer than fifteen digits; what is typed beyond that is a mistake to show, not to keep. */
const longestEntry = 17

/**
 * Any written form of one of the brand's numbers to the digits people dial: `+86 138-0013-8000`, `0086 138...`, full-width
 * digits, words around it. What is not yet a whole number stays as typed, a leading `+` included.
 */
export function readEntry(raw: string, plan: NumberPlan): string {
  const plain = raw.normalize('NFKC').replace(/[^\d+]/g, '')
  const international = plain.startsWith('+') || plain.startsWith('00')
  const digits = plain.replace(/\D/g, '')
  const { countryCode, trunkPrefix } = plan
  if (international) {
    const rest = digits.replace(/^00/, '')
    if (rest.startsWith(countryCode) && rest.length > countryCode.length) {
      return withTrunk(rest.slice(countryCode.length), trunkPrefix).slice(0, longestEntry)
    }
    return (plain.startsWith('+') ? `+${digits}` : digits).slice(0, longestEntry)
  }
  const wholeWithCode = countryCode.length + numberLength(plan) - trunkPrefix.length
  if (digits.length === wholeWithCode && digits.startsWith(countryCode)) {
    return withTrunk(digits.slice(countryCode.length), trunkPrefix)
  }
  return digits.slice(0, longestEntry)
}

/** `+44 (0)7700...` carries the trunk prefix already, `+447700...` does not. */
function withTrunk(digits: string, trunkPrefix: string): string {
  return digits.startsWith(trunkPrefix) ? digits : trunkPrefix + digits
}

export function showEntry(entry: string, plan: NumberPlan): string {
  return entry.startsWith('+') ? entry : groupDigits(entry, plan)
}

const keyCount = (text: string) => text.normalize('NFKC').replace(/[^\d+]/g, '').length

/** Where the caret stands after `count` digits of the shown text. */
function caretAfter(shown: string, count: number): number {
  let seen = 0
  for (let at = 0; at < shown.length; at++) {
    if (seen === count) return at
    if (shown[at] !== ' ') seen++
  }
  return shown.length
}

export interface Edit {
  /** The entry before the edit. */
  readonly before: string
  /** What the field holds after the browser applied the edit, and where its caret stands there. */
  readonly raw: string
  readonly caret: number
  /** `InputEvent.inputType`. */
  readonly inputType: string
}

/** One keystroke or paste: the next entry, and where the caret belongs in its shown form. */
export function editEntry(edit: Edit, plan: NumberPlan): { entry: string; caret: number } {
  const { before, raw, caret, inputType } = edit
  const head = keyCount(raw.slice(0, caret))
  const entry = readEntry(raw, plan)
  // Deleting only a gap between groups means the digit beside it.
  if (entry === before && raw.length < showEntry(before, plan).length) {
    const at = inputType === 'deleteContentBackward' ? head - 1 : head
    const shorter = entry.slice(0, Math.max(0, at)) + entry.slice(at + 1)
    return { entry: shorter, caret: caretAfter(showEntry(shorter, plan), Math.max(0, at)) }
  }
  // The digits after the caret are kept whatever was stripped before it, so the caret is counted from the end.
  const tail = keyCount(raw.slice(caret))
  return { entry, caret: caretAfter(showEntry(entry, plan), Math.max(0, entry.length - tail)) }
}
