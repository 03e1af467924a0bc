import { ApiProblem } from '../../../api/request.ts'
import { useProblemTexts } from '../../../ui/problem-notice.tsx'
import { type FieldName, fieldOf } from './account-problem.ts'

/** The sentence a refusal puts beside one field; undefined for the others. */
export function useFieldProblem(problem: unknown): (field: FieldName) => string | undefined {
  const texts = useProblemTexts()
  const at = fieldOf(problem)
  return (field) => (at === field && problem instanceof ApiProblem ? texts(problem.body).text : undefined)
}
