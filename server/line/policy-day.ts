import type { Brand } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import { dayAt, type Policy } from '../policy/index.ts'

/** The policy of this id and version; throws when there is none. */
export type PolicyOf = (id: string, version: number) => Policy

/** Today as a policy counts days: the business date in the brand's zone, from the hour at which the policy's day begins. */
export function policyDay(clock: Clock, brand: Brand, policy: Policy): number {
  return dayAt(clock.business(brand.key), brand.zone, policy.changeHour)
}
