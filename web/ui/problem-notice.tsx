import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../api/request.ts'
import { Notice } from './notice.tsx'

/** A problem's sentence in the page's language, by its code; codes this page does not know read as `internal`. */
export function useProblemText(): (code: string, blanks?: Readonly<Record<string, string>>) => string {
  const { t, i18n } = useTranslation('problem')
  return (code, blanks = {}) => {
    const known = (i18n.exists(code, { ns: 'problem' }) ? code : 'internal') as 'internal'
    return t(`${known}.text`, { replace: blanks })
  }
}

interface ProblemNoticeProps {
  readonly problem: unknown
  readonly blanks?: Readonly<Record<string, string>>
  readonly action?: ReactNode
}

/** Says what went wrong, whether money moved and what to do next; the request id lets support find it. */
export function ProblemNotice({ problem, blanks, action }: ProblemNoticeProps) {
  const text = useProblemText()
  const { code, requestId } =
    problem instanceof ApiProblem ? problem.body : { code: 'internal', requestId: undefined }
  return (
    <Notice tone="bad" action={action}>
      {text(code, blanks)}
      {requestId !== undefined && <span className="mt-1 block text-xs break-all">{requestId}</span>}
    </Notice>
  )
}
