/** Characters a password has at least where it stands alone; the server keeps the rule. */
export const shortestPassword = 15

export type PasswordStrength =
  | { readonly is: 'short'; readonly missing: number }
  | { readonly is: 'weak' | 'fair' | 'strong' }

const strongLength = 20
const fewCharacters = 6

/**
 * How hard a password is to guess, as far as a page can tell; `known` is what others would try first, the person's own number
 * above all. No composition is asked for: length and variety are what counts. The server has the last word.
 */
export function passwordStrength(password: string, known: string): PasswordStrength {
  const characters = [...password.normalize('NFKC')]
  const missing = shortestPassword - characters.length
  if (missing > 0) return { is: 'short', missing }
  const variety = new Set(characters).size
  const holdsKnown = known.length >= 6 && password.replace(/\D/g, '').includes(known.replace(/\D/g, ''))
  if (
    variety < fewCharacters ||
    inRuns(characters) ||
    (holdsKnown && variety < known.length + fewCharacters)
  ) {
    return { is: 'weak' }
  }
  return { is: characters.length >= strongLength && variety >= 10 ? 'strong' : 'fair' }
}

/** Most characters follow from the one before: 1234, aaaa, 9876. */
function inRuns(characters: readonly string[]): boolean {
  const steps = characters.slice(1).map((character, i) => {
    return (character.codePointAt(0) ?? 0) - (characters[i]?.codePointAt(0) ?? 0)
  })
  return steps.filter((step) => Math.abs(step) <= 1).length > steps.length * 0.6
}
