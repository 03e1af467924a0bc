export { problemKinds } from './catalogues.ts'
export type { JsonSchema } from './component.ts'
export { type ApiDocument, apiDocument } from './document.ts'
export { contractSchemas } from './schemas.ts'
