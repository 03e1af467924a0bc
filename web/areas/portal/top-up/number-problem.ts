import { ApiProblem } from '../../../api/request.ts'

const ofTheNumber = ['line-not-found', 'number-invalid', 'line-ceased'] as const

/** A problem of the number itself, which belongs to its field. */
export function numberProblem(problem: unknown): (typeof ofTheNumber)[number] | undefined {
  return problem instanceof ApiProblem ? ofTheNumber.find((code) => code === problem.code) : undefined
}
