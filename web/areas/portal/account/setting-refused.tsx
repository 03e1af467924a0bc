import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../../api/request.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'

const logInAgain: Readonly<Record<string, 'security.logInAgain' | 'security.logInByPassword'>> = {
  'session-too-old': 'security.logInAgain',
  'assurance-too-low': 'security.logInByPassword',
}

/** Why what opens the account was not changed; where a newer or stronger log-in would do, the way to it. */
export function SettingRefused({ problem }: { readonly problem: unknown }) {
  const { t } = useTranslation('account')
  const words = problem instanceof ApiProblem ? logInAgain[problem.code] : undefined
  return (
    <ProblemNotice
      problem={problem}
      action={
        words && (
          <Link to="/login" search={{ next: '/me/security' }} className={buttonClass('secondary')}>
            {t(words)}
          </Link>
        )
      }
    />
  )
}
