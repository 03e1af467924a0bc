import { type AdminRail, railKnobs } from '../control/admin.ts'
import type { Registry } from '../registry.ts'
import type { Smsc } from './index.ts'
import { quietSmsc, smscKnobWords } from './knobs.ts'

/** The operators' message centres on the page of knobs. */
export function smscAdmin(registry: Registry, smsc: Smsc): AdminRail {
  return railKnobs({
    name: 'smsc',
    heading: 'SMSC',
    merchants: () => registry.operators().map(({ smpp, name }) => ({ id: smpp.systemId, name })),
    knobs: registry.smscKnobs,
    turn: registry.turnSmsc,
    quiet: quietSmsc,
    words: smscKnobWords,
    acts: {
      unbind: {
        label: { 'zh-CN': '断开连接（unbind）', en: 'Unbind links' },
        work: async (systemId) => smsc.endLinks(systemId, 'unbind'),
      },
      cut: {
        label: { 'zh-CN': '切断连接', en: 'Cut links' },
        work: async (systemId) => smsc.endLinks(systemId, 'cut'),
      },
    },
  })
}
