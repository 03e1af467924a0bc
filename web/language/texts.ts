import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readStored, writeStored } from '../device/storage.ts'
import { isLanguage, type Language } from './language.ts'

/** Every catalogue a page may ask for, fetched when it is; the rest are texts that only the server writes. */
const catalogues = import.meta.glob<Readonly<Record<string, unknown>>>(
  ['../../i18n/*/*.json', '!../../i18n/*/{message,ussd,validity,demo,reference,problem-help}.json'],
  { import: 'default' },
)

const catalogueLoader: BackendModule = {
  type: 'backend',
  init() {},
  read(language, namespace, done) {
    const load = catalogues[`../../i18n/${language}/${namespace}.json`]
    if (!load) return done(new Error(`no catalogue ${language}/${namespace}`), null)
    load().then(
      (texts) => done(null, texts),
      (error: Error) => done(error, null),
    )
  },
}

const storedChoice = 'language'

/** The language this person chose here before. */
export function chosenLanguage(): Language | null {
  const stored = readStored('local', storedChoice)
  return isLanguage(stored) ? stored : null
}

/** Loads one language and makes it the page's. The other one stays on the server until someone switches. */
export async function startTexts(language: Language): Promise<void> {
  document.documentElement.lang = language
  i18next.on('languageChanged', (next) => {
    document.documentElement.lang = next
  })
  await i18next
    .use(catalogueLoader)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      load: 'currentOnly',
      ns: ['portal', 'state', 'kit'],
      defaultNS: 'portal',
      // React escapes what it renders.
      interpolation: { escapeValue: false },
      returnNull: false,
    })
}

/** Switches once the other language has arrived, and remembers the choice. */
export async function switchLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language)
  writeStored('local', storedChoice, language)
}
