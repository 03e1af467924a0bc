/** How a message stands to the person: plain news, success, attention, problem. */
export type Tone = 'info' | 'good' | 'warn' | 'bad'

/** Text, ground and edge of each tone; every text keeps 4.5:1 on its ground. */
export const toneClass: Readonly<Record<Tone, string>> = {
  info: 'text-info-ink bg-info-soft border-info-line',
  good: 'text-good-ink bg-good-soft border-good-line',
  warn: 'text-warn-ink bg-warn-soft border-warn-line',
  bad: 'text-bad-ink bg-bad-soft border-bad-line',
}
