import { queryOptions } from '@tanstack/react-query'
import type { ChannelsView } from '../../contract/brand.ts'
import type { AccountView, DevicesView } from '../../contract/session.ts'
import type { CasesView, CaseView, OpenCase } from '../../contract/support.ts'
import { keepKey } from './kept-key.ts'
import { ApiProblem, request } from './request.ts'

/** The account of whoever is signed in. */
export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => request<AccountView>('/v1/me', { signal }),
})

/** The browsers signed in to it. */
export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: ({ signal }) => request<DevicesView>('/v1/me/sessions', { signal }),
})

/** Everywhere the brand speaks from; whether the hotline is open is asked again every minute. */
export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: ({ signal }) => request<ChannelsView>('/v1/channels', { signal }),
  refetchInterval: 60_000,
})

/** What a session or account has asked. */
export const casesQuery = queryOptions({
  queryKey: ['cases'],
  queryFn: ({ signal }) => request<CasesView>('/v1/me/cases', { signal }),
})

/** A request whose success has no body. */
export async function send(path: string, method: 'POST' | 'PUT' | 'DELETE', body?: unknown): Promise<null> {
  await request(path, { method, ...(body !== undefined && { body }) })
  return null
}

/** Opens a case, or finds the one this very question opened when its answer was lost; a captcha is none of the question. */
export async function openCase(question: OpenCase, captcha: string | null): Promise<CaseView> {
  const kept = keepKey('case', question)
  const body = captcha === null ? question : { ...question, captcha }
  try {
    const opened = await request<CaseView>('/v1/cases', { method: 'POST', body, idempotencyKey: kept.key })
    kept.forget()
    return opened
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status >= 400 && problem.status < 500) kept.forget()
    throw problem
  }
}
