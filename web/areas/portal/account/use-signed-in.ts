import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import type { SessionView } from '../../../../contract/session.ts'
import { sessionQuery } from '../../../api/queries.ts'

/** What happens once somebody is signed in: what was read as somebody else is forgotten, and the page they wanted opens. */
export function useSignedIn(next: string | undefined): (session: SessionView) => Promise<void> {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const router = useRouter()
  return async (session) => {
    queries.clear()
    queries.setQueryData(sessionQuery.queryKey, session)
    if (next === undefined) await navigate({ to: '/me/numbers' })
    else router.history.push(next)
  }
}
