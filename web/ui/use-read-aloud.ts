import { useEffect } from 'react'
import { appearance } from '../device/appearance.ts'
import { readAloud } from '../device/speech.ts'
import { useLanguage } from '../language/use-language.ts'

/** For easy reading: says the words once each time that `what` they tell of changes, not with every change of the words. */
export function useReadAloud(what: string, words: string): void {
  const language = useLanguage()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a countdown in the words is not said anew every second
  useEffect(() => {
    if (appearance().reading === 'elder') readAloud(words, language)
  }, [what, language])
}
