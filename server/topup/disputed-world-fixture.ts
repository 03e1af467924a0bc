import type { AttemptRow, EvidenceRow } from '../payment/index.ts'
import type { Command, Outcome } from './command.ts'
import { World } from './world-fixture.ts'

export type DisputeWord = 'disputed' | 'reversed' | 'reinstated'

/** A world in which payers' banks take payments back. */
export class Disputed extends World {
  disputeSays(attempt: AttemptRow, said: DisputeWord, more: Partial<EvidenceRow> = {}): Command {
    return this.says(attempt, said, { dispute: 'du_1', feeMinor: 1500n, note: 'fraudulent', ...more })
  }

  /** Messages are told, and what is due of disputes is posted, as the loops do. */
  follow(): Outcome[] {
    this.tell()
    const due = [...this.disputes.values()].filter(
      ({ said, posted, order }) => said !== posted && (this.orders.get(order)?.capturedMinor ?? 0n) > 0n,
    )
    return this.run(due.map(({ id: dispute, order }) => ({ kind: 'dispute', dispute, order })))
  }

  /** Some of the line's paid credit is used. */
  spends(line: string, amount: bigint): void {
    const [key, account] = [...this.lineAccounts].find(([, one]) => one.line === line) ?? []
    if (!key || !account) throw new Error('no such line')
    const paidMinor = account.paidMinor - amount
    const paidCostMinor = (account.paidCostMinor * paidMinor) / account.paidMinor
    const balanceMinor = account.balanceMinor - amount
    this.lineAccounts.set(key, { ...account, balanceMinor, paidMinor, paidCostMinor })
    const usage = this.accounts.get('usage-revenue  CNY')
    if (usage)
      this.accounts.set('usage-revenue  CNY', { ...usage, balanceMinor: usage.balanceMinor + amount })
  }

  owedBy(line: string): bigint {
    return [...this.lineAccounts.values()].find((one) => one.line === line)?.owedMinor ?? -1n
  }

  /** What a ledger comes to, whatever way it went. */
  books() {
    const all = [...this.accounts].map(([key, { balanceMinor }]) => [key, balanceMinor] as const)
    const lines = [...this.lineAccounts].map(([key, { balanceMinor, owedMinor }]) => [
      key,
      balanceMinor,
      owedMinor,
    ])
    return { accounts: all.filter(([, minor]) => minor !== 0n), lines }
  }
}
