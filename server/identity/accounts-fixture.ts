import { identityHouse } from '../../test/support/identity.ts'
import { CODE_LIMITS } from './send-limits.ts'

export const PASSWORD = 'seven giraffes knit quietly'
export const OTHER_PASSWORD = 'nine walruses hum at noon'

const plenty = { points: 1_000_000, windowSeconds: 3600 }

/** A house in which a test makes and opens as many accounts as it likes: only the limits of each number and account stand. */
export async function accountsHouse() {
  const house = await identityHouse({ codeLimits: { ...CODE_LIMITS, perHost: plenty, perNetwork: plenty } })
  const laika = house.db.of('laika')
  let numbers = 10_000
  const newNetwork = () => `2001:db8:${(numbers++).toString(16)}::1`
  return {
    ...house,
    laika,
    newNumber: () => `154100${numbers++}`,
    wrong: (code: string) => (code === '000000' ? '000001' : '000000'),
    newNetwork,
    /** From a network of its own, so that limits per network stay out of the way. */
    async byPassword(name: string, password: string, ip = newNetwork()) {
      const visitor = house.visit('laika', ip)
      const captcha = await visitor.captcha()
      return {
        visitor,
        ...(await visitor.send('POST', '/v1/log-ins', { by: 'password', name, password, captcha })),
      }
    },
    audits: (act: string) =>
      laika.query<{ actor: string; subject: string }>(
        'select actor, subject, detail from {{brand}}.audit where act = $1 order by id',
        [act],
      ),
    messagesTo: (to: string) =>
      laika.query<{ template: string }>(
        'select template from {{brand}}.message where recipient = $1 order by id',
        [to],
      ),
  }
}
