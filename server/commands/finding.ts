/** What doctor found of one thing. */
export interface Finding {
  readonly area: 'database' | 'disk' | 'clock' | 'keys' | 'ports' | 'brands' | 'channels' | 'work'
  readonly state: 'ok' | 'warn' | 'fail'
  /** What is so. */
  readonly says: string
  /** What to do; absent where all is well. */
  readonly todo?: string
}

type Area = Finding['area']

export const ok = (area: Area, says: string): Finding => ({ area, state: 'ok', says })
export const warn = (area: Area, says: string, todo: string): Finding => ({ area, state: 'warn', says, todo })
export const fail = (area: Area, says: string, todo: string): Finding => ({ area, state: 'fail', says, todo })
