import type { FastifyRequest } from 'fastify'
import peopleEn from '../../i18n/en/problem.json' with { type: 'json' }
import helpEn from '../../i18n/en/problem-help.json' with { type: 'json' }
import wordsEn from '../../i18n/en/reference.json' with { type: 'json' }
import peopleZh from '../../i18n/zh-CN/problem.json' with { type: 'json' }
import helpZh from '../../i18n/zh-CN/problem-help.json' with { type: 'json' }
import wordsZh from '../../i18n/zh-CN/reference.json' with { type: 'json' }

export type Language = 'zh-CN' | 'en'
export type Words = typeof wordsEn

export interface Help {
  readonly meaning: string
  readonly action: string
}

/** The texts of one language. */
export interface Texts {
  readonly words: Words
  readonly help: Readonly<Record<string, Help>>
  /** What a page of ours says to people; several sentences where members decide which. */
  readonly people: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export const textsOf: Readonly<Record<Language, Texts>> = {
  'zh-CN': { words: wordsZh, help: helpZh, people: peopleZh },
  en: { words: wordsEn, help: helpEn, people: peopleEn },
}

/** The language somebody chose by `?lang`, else asks for (RFC 9110, 12.5.4), else the brand’s. */
export function languageOf(request: FastifyRequest): Language {
  const { lang } = request.query as { lang?: unknown }
  if (lang === 'zh-CN' || lang === 'en') return lang
  const wanted = (request.headers['accept-language'] ?? '')
    .split(',')
    .map((range) => {
      const [tag = '', weight = '1'] = range.trim().split(/\s*;\s*q=/)
      return { tag: tag.toLowerCase(), weight }
    })
    .filter(({ weight }) => !/^0(\.0*)?$/.test(weight))
    // Weights are 0 to 1 with a leading digit, so their texts sort as they do.
    .toSorted((a, b) => (a.weight < b.weight ? 1 : a.weight > b.weight ? -1 : 0))
  const known = wanted.find(({ tag }) => /^(zh|en)(-|$)/.test(tag))
  if (!known) return request.brand.locale
  return known.tag.startsWith('zh') ? 'zh-CN' : 'en'
}

/** Programs ask for JSON, browsers for HTML first; who names neither gets a page. */
export function wantsJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? ''
  const json = accept.search(/application\/(problem\+)?json/)
  const page = accept.indexOf('text/html')
  return json >= 0 && (page < 0 || json < page)
}
