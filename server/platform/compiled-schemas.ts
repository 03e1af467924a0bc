import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import { type TSchema, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify'

/*
 * Compiling schemas is most of what making a server takes, and refusals have the same one at every route. Schemas never change
 * once they are made: each is compiled once in a process, the first time a route names it.
 */

function once<Compiled>(): (schema: object, compile: () => Compiled) => Compiled {
  const compiled = new WeakMap<object, Compiled>()
  return (schema, compile) => {
    const known = compiled.get(schema)
    if (known !== undefined) return known
    const made = compile()
    compiled.set(schema, made)
    return made
  }
}

type Validate = ReturnType<FastifySchemaCompiler<TSchema>>
type Serialize = ReturnType<FastifySerializerCompiler<object>>

const bodies = once<Validate>()
/** Of paths, queries and headers, whose texts are converted first. */
const others = once<Validate>()
const answers = once<Serialize>()
const compileAnswer = SerializerSelector()({})

export const validatorCompiler: FastifySchemaCompiler<TSchema> = (route) =>
  (route.httpPart === 'body' ? bodies : others)(route.schema, () => TypeBoxValidatorCompiler(route))

export const serializerCompiler: FastifySerializerCompiler<object> = (route) =>
  answers(route.schema, () =>
    compileAnswer({ ...{ method: '', url: '', httpStatus: '' }, schema: route.schema }),
  )
