/** Says a text in a language (BCP 47), in place of what is being said; devices without a voice stay silent. */
export function readAloud(text: string, language: string): void {
  if (!('speechSynthesis' in globalThis)) return
  const words = new SpeechSynthesisUtterance(text)
  words.lang = language
  speechSynthesis.cancel()
  speechSynthesis.speak(words)
}
