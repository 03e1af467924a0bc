import { defineOperations } from '../platform/operation.ts'

export const referenceOperations = defineOperations('Brand', {
  readDescription: {
    summary: 'Read this description',
    description: 'OpenAPI 3.1, made of the routes that run. It has an `ETag`: ask with `If-None-Match`.',
    errors: [],
    answers: {
      type: 'application/json',
      description: 'The OpenAPI document',
      example: { openapi: '3.1.0', info: { title: 'Baohao API', version: '0.1.0' }, paths: {} },
    },
  },
})
