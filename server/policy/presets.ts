import { loadPolicy } from './load-policy.ts'
import type { Policy } from './policy.ts'
import anatelBr from './presets/anatel-br.json' with { type: 'json' }
import asdaUk from './presets/asda-uk.json' with { type: 'json' }
import chinaKeep from './presets/china-keep.json' with { type: 'json' }
import ethio from './presets/ethio.json' with { type: 'json' }
import giffgaffUk from './presets/giffgaff-uk.json' with { type: 'json' }
import limeKy from './presets/lime-ky.json' with { type: 'json' }
import shinetownHk from './presets/shinetown-hk.json' with { type: 'json' }
import traiIn from './presets/trai-in.json' with { type: 'json' }
import ultraUs from './presets/ultra-us.json' with { type: 'json' }
import useItOrLoseIt from './presets/use-it-or-lose-it.json' with { type: 'json' }
import valuegbHk from './presets/valuegb-hk.json' with { type: 'json' }
import verizonUs from './presets/verizon-us.json' with { type: 'json' }
import vodafoneUk from './presets/vodafone-uk.json' with { type: 'json' }

/** Every policy the product ships. A new version is a new file beside the old one, which lines still keep. */
export const presets: readonly Policy[] = [
  anatelBr,
  asdaUk,
  chinaKeep,
  ethio,
  giffgaffUk,
  limeKy,
  shinetownHk,
  traiIn,
  ultraUs,
  useItOrLoseIt,
  valuegbHk,
  verizonUs,
  vodafoneUk,
].map(loadPolicy)

/** The preset a brand names in its settings. Throws RangeError when there is none of that id and version. */
export function presetOf(id: string, version: number): Policy {
  const found = presets.find((policy) => policy.id === id && policy.version === version)
  if (!found) throw new RangeError(`no policy ${id} version ${version}`)
  return found
}
