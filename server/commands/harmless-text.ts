/** What others wrote, without what could steer the terminal it is read on. */
export function harmlessText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, ' ')
}
