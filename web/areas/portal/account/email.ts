/** Looks like an address a code can be sent to; whether it is one only the code tells. */
export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(text)
}

/** Where most people have their mailbox, the commonest first. */
const commonDomains = [
  ...['qq.com', '163.com', 'gmail.com', '126.com', 'outlook.com', 'hotmail.com', 'foxmail.com', 'icloud.com'],
  ...['sina.com', 'sohu.com', '139.com', '189.cn', 'yeah.net', 'aliyun.com', 'yahoo.com', 'live.com'],
]
/** Others that are right as they are, however close they come to a common one. */
const rareDomains = [
  'mail.com',
  'ymail.com',
  'gmx.com',
  'me.com',
  'msn.com',
  'qq.cn',
  '163.net',
  'sina.cn',
  'mac.com',
]

/** The address meant, when its domain is a slip of the finger away from a common one: `lin@gmial.com` meant `lin@gmail.com`. */
export function meantEmail(typed: string): string | null {
  const text = typed.trim().toLowerCase()
  const at = text.lastIndexOf('@')
  const domain = text.slice(at + 1)
  if (at < 1 || domain.length < 4) return null
  if (commonDomains.includes(domain) || rareDomains.includes(domain)) return null
  const meant = commonDomains.find((common) => isSlip(domain, common))
  return meant === undefined ? null : `${typed.trim().slice(0, at)}@${meant}`
}

/** One letter more, less, other, or two changed round; in long names two such. */
function isSlip(typed: string, meant: string): boolean {
  const allowed = meant.length >= 9 && typed[0] === meant[0] ? 2 : 1
  return distance(typed, meant) <= allowed
}

/** Edits between two words: optimal string alignment (Damerau's four kinds of slip). */
function distance(a: string, b: string): number {
  const width = b.length + 1
  const rows: number[] = Array.from({ length: (a.length + 1) * width }, () => 0)
  const at = (i: number, j: number) => rows[i * width + j] ?? 0
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      if (i === 0 || j === 0) {
        rows[i * width + j] = i + j
        continue
      }
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, at(i - 2, j - 2) + 1)
      }
      rows[i * width + j] = least
    }
  }
  return at(a.length, b.length)
}
