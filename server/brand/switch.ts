import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db.ts'
import { defineErrors, refuse } from '../platform/error.ts'
import { deleteSwitch, readSwitches, writeSwitch } from './switch-store.ts'

/** The whole brand (maintenance: nothing new is sold, what is paid is still seen to), one rail, or one offer. */
export type SwitchKind = 'brand' | 'rail' | 'offer'

/** The name of the brand's own switch. */
export const WHOLE_BRAND = 'all'

export interface Notice {
  readonly 'zh-CN': string
  readonly en: string
}

export interface SwitchedOff {
  readonly kind: SwitchKind
  /** A rail's name, an offer's id, or `all` for the brand. */
  readonly name: string
  readonly notice: Notice
  readonly sinceMs: number
}

/** An act of the operator: who did it and why stand in the audit. */
export interface SwitchAct {
  readonly kind: SwitchKind
  readonly name: string
  readonly actor: string
  readonly reason: string
}

export const switchErrors = defineErrors({
  'switched-off': [
    'unavailable',
    'The operator has switched this off for now',
    { notice: { 'zh-CN': '系统维护中，预计 6 点恢复。', en: 'Maintenance until 6 o’clock.' } },
  ],
})

/** How long a process may go on not knowing. */
const FRESH_MS = 1_000

export interface Switches {
  /** What is off at this brand, the oldest first; another process's act is seen within a second. */
  off(brand: string): Promise<readonly SwitchedOff[]>
  /** Throws `switched-off` with the public notice. */
  demandOn(brand: string, kind: SwitchKind, name: string): Promise<void>
}

export function createSwitches({ db, clock }: { readonly db: Db; readonly clock: Clock }): Switches {
  const held = new Map<string, { readonly atMs: number; readonly off: Promise<readonly SwitchedOff[]> }>()
  const off = async (brand: string): Promise<readonly SwitchedOff[]> => {
    const known = held.get(brand)
    const nowMs = clock.instant()
    if (known && nowMs - known.atMs < FRESH_MS) return await known.off
    const read = readSwitches(db.of(brand))
    held.set(brand, { atMs: nowMs, off: read })
    try {
      return await read
    } catch (error) {
      held.delete(brand)
      throw error
    }
  }
  return {
    off,
    async demandOn(brand, kind, name) {
      const found = (await off(brand)).find((each) => each.kind === kind && each.name === name)
      if (found) throw refuse(switchErrors['switched-off'], { notice: found.notice })
    },
  }
}

/** Switches off, or says something else of what is off already. */
export async function switchOff(tx: Tx, clock: Clock, act: SwitchAct, notice: Notice): Promise<void> {
  const nowMs = clock.instant()
  await writeSwitch(tx, { kind: act.kind, name: act.name, notice, sinceMs: nowMs })
  await audit(tx, 'switched off', act, nowMs)
}

/** False when it was on. */
export async function switchOn(tx: Tx, clock: Clock, act: SwitchAct): Promise<boolean> {
  if (!(await deleteSwitch(tx, act.kind, act.name))) return false
  await audit(tx, 'switched on', act, clock.instant())
  return true
}

async function audit(tx: Tx, what: string, act: SwitchAct, nowMs: number): Promise<void> {
  const { actor, reason } = act
  await writeAudit(tx, { actor, act: what, subject: `${act.kind} ${act.name}`, reason }, nowMs)
}
