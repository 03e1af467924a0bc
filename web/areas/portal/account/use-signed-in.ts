import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import type { SessionView } from '../../../../contract/session.ts'
import { becomeSession } from '../../../api/queries.ts'

/** What happens once somebody is signed in: the page they wanted opens. */
export function useSignedIn(next: string | undefined): (session: SessionView) => Promise<void> {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const router = useRouter()
  return async (session) => {
    becomeSession(queries, session)
    if (next === undefined) await navigate({ to: '/me/numbers' })
    else router.history.push(next)
  }
}
