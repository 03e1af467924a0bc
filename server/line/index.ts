import type { Brands } from '../brand/index.ts'
import type { Identity, Principal } from '../identity/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Reader, Tx } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import type { Loop } from '../platform/loop.ts'
import { isOwn } from './bind-line.ts'
import { startSweeps } from './jobs.ts'
import type { NewLine, OpeningDeps } from './open-lines.ts'
import type { PolicyOf } from './policy-day.ts'
import { type Happening, recordEvents } from './record-events.ts'
import { reissueLines } from './reissue-lines.ts'
import { createRoutes } from './routes.ts'
import { type SweepDeps, type Swept, sweepStages } from './sweep-stages.ts'

export { bindProved, unbindLines } from './bind-line.ts'
export { createChecks as lineChecks } from './checks.ts'
export { lineErrors } from './errors.ts'
export { sendEvents } from './event-store.ts'
export { businessFigures as lineFigures } from './figures.ts'
export {
  flaggedUntil,
  type NewFlag,
  readFlags,
  type StandingFlag,
  sendFlags,
  sendFlagsLifted,
} from './flag-store.ts'
export { importColumns, rejectColumns } from './import-columns.ts'
export { type ImportReport, importLines, type RejectedRow } from './import-lines.ts'
export { knownNumber } from './known-number.ts'
export { liftFlags } from './lift-flags.ts'
export { dueAfter, type LineClock } from './line-clock.ts'
export type { LineEvent } from './line-event.ts'
export { moneyText } from './money-text.ts'
export { type NewLine, openLines } from './open-lines.ts'
export { readPasts } from './read-pasts.ts'
export type { Happening } from './record-events.ts'
export { type Restoration, readRestorations } from './restoration-store.ts'
export {
  type ClockWrite,
  lineEpoch,
  lockLines,
  readLine,
  readNumbers,
  resolveNumbers,
  sendClocks,
} from './store.ts'
export type { Swept } from './sweep-stages.ts'
export { lately, type Past, withoutOrder } from './taken-back.ts'

export interface LinesDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly brands: Brands
  readonly policyOf: PolicyOf
  readonly identity: Pick<Identity, 'spendCode'>
  /** Default: no line has a top-up under way. */
  readonly underWay?: SweepDeps['underWay']
}

export interface Lines {
  readonly routes: ReturnType<typeof createRoutes>
  /** Whether a line is the principal's own now: bound to its log-in at the line's present epoch. Guests own nothing. */
  isOwn(db: Reader, principal: Principal | null, line: string): Promise<boolean>
  /** Applies what happened to lines besides top-ups; answers for each whether it moved a clock. */
  recordEvents(tx: Tx, happenings: readonly Happening[]): Promise<boolean[]>
  /** Gives ceased numbers to new holders. Throws on a number that was not ceased or still rests. */
  reissueLines(tx: Tx, opening: Omit<OpeningDeps, 'clock'>, lines: readonly NewLine[]): Promise<void>
  /** Looks at every line whose day has come, until none is left. It also tells the network of lines that a top-up restored. */
  sweepStages(brand: string): Promise<Swept>
  /** Sweeps every brand every few seconds. */
  startLoops(): void
  stopLoops(): Promise<void>
}

export function createLines(deps: LinesDeps): Lines {
  const sweepDeps: SweepDeps = { underWay: async () => new Set(), ...deps }
  const sweep = (brand: string) => sweepStages(sweepDeps, brand)
  let loops: Loop[] = []
  return {
    routes: createRoutes(deps),
    isOwn,
    recordEvents: (tx, happenings) => recordEvents(tx, deps, happenings),
    reissueLines: (tx, opening, lines) => reissueLines(tx, { ...deps, ...opening }, lines),
    sweepStages: sweep,
    startLoops() {
      if (loops.length === 0) loops = startSweeps(deps, sweep)
    },
    async stopLoops() {
      await Promise.all(loops.map((loop) => loop.stop()))
      loops = []
    },
  }
}
