import { ApiProblem } from '../../../api/request.ts'

const ofCode: readonly string[] = ['code-wrong', 'code-expired', 'code-spent', 'code-tries-used-up']
const ofNumber: readonly string[] = ['number-invalid', 'phone-same', 'phone-taken']
const ofPassword: readonly string[] = ['password-too-short', 'password-common']
const ofEmail: readonly string[] = ['email-invalid', 'email-taken']

export type FieldName = 'code' | 'proof-code' | 'number' | 'password' | 'current' | 'email'

/** The field a refusal is about, when it is about one; of two codes the server says which. */
export function fieldOf(problem: unknown): FieldName | null {
  if (!(problem instanceof ApiProblem)) return null
  const { code, body } = problem
  if (ofCode.includes(code)) return body.pointer === '/proof/code' ? 'proof-code' : 'code'
  if (ofNumber.includes(code)) return 'number'
  if (ofPassword.includes(code)) return 'password'
  if (ofEmail.includes(code)) return 'email'
  return code === 'password-wrong' ? 'current' : null
}
