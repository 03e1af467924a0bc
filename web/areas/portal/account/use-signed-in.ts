import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import type { SessionView } from '../../../../contract/session.ts'
import { accountQuery } from '../../../api/account.ts'
import { becomeSession } from '../../../api/queries.ts'

/**
 * What happens once somebody is signed in: terms that are new since they last accepted some are asked for, here and nowhere
 * else, so that nobody is stopped on the way to a payment; then the page they wanted opens.
 */
export function useSignedIn(next: string | undefined): (session: SessionView) => Promise<void> {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const router = useRouter()
  return async (session) => {
    becomeSession(queries, session)
    // Whether terms are new is worth no waiting and no failing: it is asked again at the next log-in.
    const account = await queries.fetchQuery(accountQuery).catch(() => null)
    if (account && account.terms.accepted !== account.terms.inForce) {
      await navigate({ to: '/me/terms', search: next === undefined ? {} : { next } })
    } else if (next === undefined) await navigate({ to: '/me/numbers' })
    else router.history.push(next)
  }
}
