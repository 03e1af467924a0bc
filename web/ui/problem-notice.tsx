import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, type ProblemBody } from '../api/request.ts'
import { useLanguage } from '../language/use-language.ts'
import { Notice } from './notice.tsx'
import { problemWords } from './problem-words.ts'
import { Sentence } from './sentence.tsx'

/** One code's texts; every code has these keys, and `internal` stands for codes this page does not know. */
type KnownCode = 'internal'

/**
 * Sentences for problems in the page's language. They arrive just after the first paint; until then, and for an unknown code,
 * nothing is promised that was not said.
 */
export function useProblemTexts(): (body: ProblemBody) => { readonly text: string; readonly next: string } {
  const { t, i18n } = useTranslation('problem', { useSuspense: false })
  const language = useLanguage()
  return (body) => {
    const code = (i18n.exists(`${body.code}.next`, { ns: 'problem' }) ? body.code : 'internal') as KnownCode
    const { blanks, context } = problemWords(body, language)
    return {
      text: t(`${code}.text`, { context, replace: blanks, defaultValue: '' }),
      next: t(`${code}.next`, { defaultValue: '' }),
    }
  }
}

interface ProblemNoticeProps {
  readonly problem: unknown
  readonly action?: ReactNode
}

/** Says what went wrong, whether money moved and what to do next. A fault of ours shows its request id: support finds it by that. */
export function ProblemNotice({ problem, action }: ProblemNoticeProps) {
  const texts = useProblemTexts()
  const body = problem instanceof ApiProblem ? problem.body : { code: 'internal' }
  const fault = problem instanceof ApiProblem && problem.status >= 500
  return (
    <Notice tone="bad" action={action}>
      <Sentence>{texts(body).text}</Sentence>
      {fault && body.requestId !== undefined && (
        <span className="mt-1 block text-sm break-all">{body.requestId}</span>
      )}
    </Notice>
  )
}
