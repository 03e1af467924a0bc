import type { CodeSent, SendCode } from '../../contract/session.ts'
import { type Brand, maskNumber } from '../brand/index.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { takePoints } from '../platform/rate-limit.ts'
import { type Address, maskEmail, readAddress, readEmail, readPhone } from './address.ts'
import { CODE_VALID_MS, type CodePurpose, closedFor, codeHash, codeRefusal, newCode } from './code.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import type { Principal } from './principal.ts'
import { sendLimitRefusal, sendLimits } from './send-limits.ts'
import { guessCounter, guessSubject, logInByAddress, logInById, replaceCode, spendCaptcha } from './store.ts'

/** Asked for and used by one account. */
const OF_ACCOUNTS: ReadonlySet<SendCode['purpose']> = new Set([
  'bind-line',
  'set-email',
  'change-phone',
  'new-phone',
])

/** Who asks, and from where. */
export interface Asker {
  readonly principal: Principal | null
  readonly ip: string
}

/**
 * Sends a code, if a captcha was solved and no limit is reached. The answer, the time it takes and what is counted are
 * the same whether or not the address is known; a log-in code to an e-mail address nobody has is made but not sent.
 */
export async function sendCode(
  identities: Identities,
  brand: Brand,
  request: SendCode,
  asker: Asker,
): Promise<CodeSent> {
  const { db, clock } = identities
  const logIn = asker.principal?.kind === 'login' ? asker.principal.id : null
  const ownUse = OF_ACCOUNTS.has(request.purpose)
  if (ownUse && logIn === null) throw refuse(identityErrors['not-authenticated'])
  const to = addressFor(brand, request)
  const nowMs = clock.instant()
  const captcha = await readCaptcha(identities, brand, request.captcha)
  const isOwn = request.purpose !== 'change-phone' || (await isAddressOf(db.of(brand.key), logIn, to.text))
  if (!isOwn) throw refuse(identityErrors['address-not-own'])
  const refusal = await db.of(brand.key).tx(async (tx) => {
    if (!(await spendCaptcha(tx, captcha.nonce, captcha.notAfterMs))) {
      return refuse(identityErrors['captcha-spent'])
    }
    const closed = closedFor(await guessCounter(tx, await guessSubject(tx, to.text)), nowMs)
    if (closed) return codeRefusal(closed)
    const limits = sendLimits(identities.codeLimits, identities.codeKey, brand.key, to, asker.ip)
    const reached = await takePoints(tx, limits, nowMs)
    if (reached) {
      if (reached.limit.what === 'budget') identities.breakerTripped(brand.key, reached.retryAfterSeconds)
      return sendLimitRefusal(reached)
    }
    await writeCode(tx, identities, brand, { ...request, to, askedBy: ownUse ? logIn : null }, nowMs)
    return null
  })
  if (refusal) throw refusal
  return {
    validSeconds: CODE_VALID_MS / 1000,
    resendAfterSeconds: identities.codeLimits.perAddressMinute.windowSeconds,
    to: to.channel === 'sms' ? maskNumber(brand, to.text) : maskEmail(to.text),
  }
}

/** Nobody else is sent a text that says their phone is about to be changed. */
async function isAddressOf(db: Reader, logIn: string | null, address: string): Promise<boolean> {
  const account = logIn === null ? null : await logInById(db, logIn)
  return account?.phone === address || account?.email === address
}

function addressFor(brand: Brand, { purpose, to }: SendCode): Address {
  if (purpose === 'log-in' || purpose === 'change-phone') return readAddress(brand, to)
  return purpose === 'set-email' ? readEmail(to) : readPhone(brand, to)
}

/** A solved captcha, yet to be spent. Throws `captcha-wrong`, `captcha-expired`. */
export async function readCaptcha(identities: Identities, brand: Brand, payload: string) {
  const reading = await identities.captchaOf(brand.key).read(payload, identities.clock.instant())
  if (reading.is === 'solved') return reading
  throw refuse(identityErrors[reading.is === 'expired' ? 'captcha-expired' : 'captcha-wrong'])
}

interface CodeRequest extends Pick<SendCode, 'purpose' | 'locale'> {
  readonly to: Address
  readonly askedBy: string | null
}

async function writeCode(
  tx: Tx,
  identities: Identities,
  brand: Brand,
  request: CodeRequest,
  nowMs: number,
): Promise<void> {
  const { messaging, codeKey } = identities
  const { purpose, to, locale, askedBy } = request
  const stored = storedPurpose(purpose)
  const id = newId(nowMs)
  const code = newCode()
  const expiresAtMs = nowMs + CODE_VALID_MS
  const hash = codeHash(codeKey, code, { brand: brand.key, purpose: stored, address: to.text, id })
  await replaceCode(tx, stored, to.text, { id, hash, askedBy, expiresAtMs, ended: null })
  if (to.channel === 'email' && purpose === 'log-in' && !(await logInByAddress(tx, to.text))) return
  messaging.enqueue(tx, [
    {
      id,
      channel: to.channel,
      to: to.text,
      template: `${purpose}-code`,
      locale,
      values: { minutes: (CODE_VALID_MS / 60_000).toString() },
      subject: null,
      sealed: messaging.sealCode(id, code),
      notAfterMs: expiresAtMs,
    },
  ])
}

/** A code to register is a code to log in: which of the two it becomes is known only when it is used. */
export function storedPurpose(purpose: SendCode['purpose']): CodePurpose {
  return purpose === 'register' ? 'log-in' : purpose
}
