import { type Account, type Booking, signedMinor } from '../../sandbox/statement/booking.ts'
import { camtNotice, camtStatement } from '../../sandbox/statement/camt.ts'
import type { topUpHouse } from '../../test/support/top-up.ts'
import { openMerchantAccounts } from '../ledger/index.ts'

const DAY = '2026-11-22'
const ACCOUNT: Account = { holder: '莱卡通信有限公司', number: '0200049609200123456', currency: 'CNY' }

/** The account as its bank has it, and the files that the bank makes of it. */
export function accountAtBank() {
  let bookings = 0
  let messages = 0
  let heldMinor = 100_00n
  return {
    account: ACCOUNT,
    /** 49.80 that came with these words. */
    booked: (text: string, more: Partial<Booking> = {}): Booking => ({
      ...{ reference: `B${++bookings}`, direction: 'credit', reversal: false, amountMinor: 4980n },
      ...{ day: DAY, text, name: '张三', account: '6222020200112233445' },
      ...more,
    }),
    /** A statement with these bookings: the next one goes on from its balance. */
    statement(given: readonly Booking[]): Buffer {
      const day = { account: ACCOUNT, openingMinor: heldMinor, bookings: [...given] }
      for (const booking of given) heldMinor += signedMinor(booking)
      const options = { version: '08', id: `M${++messages}`, madeAt: `${DAY}T12:00:00Z` } as const
      return Buffer.from(camtStatement(day, { from: DAY, to: DAY }, options))
    },
    notice: (id: string, booking: Booking, account = ACCOUNT): Buffer =>
      Buffer.from(camtNotice(account, [booking], { version: '08', id, madeAt: `${DAY}T08:00:00Z` })),
    /** Of a statement that was refused. */
    withdraw(amountMinor: bigint): void {
      heldMinor -= amountMinor
    },
  }
}

/** Makes the account known to the house, as `main`. */
export async function openMainAccount({
  db,
  clock,
  payments,
}: Awaited<ReturnType<typeof topUpHouse>>): Promise<void> {
  const { holder, number, currency } = ACCOUNT
  await db.of('laika').tx(async (tx) => {
    await payments.addMerchant(tx, {
      ...{ provider: 'bank', id: 'main', seller: number, currency, gateway: '', privateKey: null },
      ...{ providerKeys: [], enabled: true },
      settings: { holder, bankName: '中国工商银行', accountNumber: number },
    })
    await openMerchantAccounts(tx, clock, { provider: 'bank', merchant: 'main', currency })
  })
}
