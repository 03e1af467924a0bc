import type { Tx } from '../platform/db.ts'

/**
 * Makes what a guest session ordered from this proved phone the log-in's. An order whose key the log-in used itself stays
 * where it is: a key means one request. Answers the orders that moved.
 */
export async function moveOrders(
  tx: Tx,
  { guest, logIn, phone }: { readonly guest: string; readonly logIn: string; readonly phone: string },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `update {{brand}}.top_up o set caller = $2
      where o.caller = $1 and o.kind = 'online' and o.payer_msisdn = $3
        and not exists (select from {{brand}}.top_up own where own.caller = $2 and own.key = o.key)
        and not exists (select from {{brand}}.refusal r where r.caller = $2 and r.key = o.key)
     returning o.id`,
    [guest, logIn, phone],
  )
  return rows.map((row) => row.id)
}

/** Whether an order of this caller is neither credited, expired nor wholly given back. */
export async function hasOpenOrders(tx: Tx, caller: string): Promise<boolean> {
  const rows = await tx.query(
    `select from {{brand}}.top_up
      where caller = $1 and (state in ('awaiting-payment', 'paid', 'held', 'refunding', 'refund-abnormal') or refunds_open)
      limit 1`,
    [caller],
  )
  return rows.length === 1
}
