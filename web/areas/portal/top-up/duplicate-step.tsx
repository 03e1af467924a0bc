import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '../../../api/request.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { useProblemTexts } from '../../../ui/problem-notice.tsx'

interface DuplicateStepProps {
  readonly problem: ApiProblem
  readonly busy: boolean
  readonly onYes: () => void
}

/** The same top-up minutes ago: most often a slip, sometimes meant. */
export function DuplicateStep({ problem, busy, onYes }: DuplicateStepProps) {
  const { t } = useTranslation('purchase')
  const texts = useProblemTexts()
  return (
    <div className="space-y-5">
      <p>{texts(problem.body).text}</p>
      <div className="grid grid-cols-2 gap-3">
        <Link to="/orders" className={buttonClass('secondary', 'large')}>
          {t('duplicate.see')}
        </Link>
        <Button size="large" busy={busy} onClick={onYes}>
          {t('duplicate.yes')}
        </Button>
      </div>
    </div>
  )
}
