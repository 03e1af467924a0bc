import type { BindLine } from '../../contract/session.ts'
import type { Brand } from '../brand/index.ts'
import { codeRefusal, type Identity, type Principal } from '../identity/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Reader, Tx } from '../platform/db.ts'
import { type Refusal, refuse } from '../platform/error.ts'
import { deleteBinding, deleteBindingsOf, insertBinding, isBound } from './binding-store.ts'
import { lineErrors } from './errors.ts'
import { knownNumber, NOBODYS } from './known-number.ts'

export interface BindDeps {
  readonly db: Db
  readonly clock: Clock
  readonly identity: Pick<Identity, 'spendCode'>
}

/**
 * Binds a line to a log-in by the code that was sent to it. A wrong guess is counted whatever becomes of the rest; whether
 * a number is a line of the brand is told only to who has a right code for it.
 */
export async function bindLine(
  { db, clock, identity }: BindDeps,
  brand: Brand,
  logIn: string,
  { number, code }: BindLine,
): Promise<string> {
  const msisdn = knownNumber(brand, number)
  // No code for it could be right, and the plan is public.
  if (msisdn === NOBODYS) throw refuse(lineErrors['line-not-found'])
  const refusal = await db.of(brand.key).tx(async (tx): Promise<Refusal | null> => {
    const outcome = await identity.spendCode(tx, {
      purpose: 'bind-line',
      address: msisdn,
      code,
      asker: logIn,
    })
    if (outcome.is !== 'right') return codeRefusal(outcome)
    const bound = await bindProved(tx, { logIn, msisdn, atMs: clock.instant() })
    return bound ? null : refuse(lineErrors['line-not-found'])
  })
  if (refusal) throw refusal
  return msisdn
}

/** A phone that a log-in has proved by a code, at a real instant. */
interface ProvedPhone {
  readonly logIn: string
  readonly msisdn: string
  readonly atMs: number
}

/** Binds a phone that was proved otherwise, by registering. Answers false, and does nothing, when it is no line of the brand. */
export async function bindProved(tx: Tx, { logIn, msisdn, atMs }: ProvedPhone): Promise<boolean> {
  const binding = await insertBinding(tx, logIn, msisdn, atMs)
  if (binding?.isNew) {
    await writeAudit(tx, { actor: `log-in ${logIn}`, act: 'line bound', subject: binding.line }, atMs)
  }
  return binding !== null
}

/** Throws `line-not-found` when the log-in does not manage the line. */
export async function unbindLine(
  { db, clock }: BindDeps,
  brand: Brand,
  logIn: string,
  number: string,
): Promise<void> {
  const msisdn = knownNumber(brand, number)
  await db.of(brand.key).tx(async (tx) => {
    const line = await deleteBinding(tx, logIn, msisdn)
    if (line === null) throw refuse(lineErrors['line-not-found'])
    await writeAudit(tx, { actor: `log-in ${logIn}`, act: 'line unbound', subject: line }, clock.instant())
  })
}

/** Unbinds every line from a log-in that is being closed, at a real instant. */
export async function unbindLines(tx: Tx, logIn: string, atMs: number): Promise<void> {
  for (const line of await deleteBindingsOf(tx, logIn)) {
    await writeAudit(tx, { actor: `log-in ${logIn}`, act: 'line unbound', subject: line }, atMs)
  }
}

/** Whether a line is the principal's own: a guest and an API key have none. */
export async function isOwn(db: Reader, principal: Principal | null, line: string): Promise<boolean> {
  return principal?.kind === 'login' && (await isBound(db, principal.id, line))
}
