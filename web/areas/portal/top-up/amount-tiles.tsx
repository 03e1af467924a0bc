import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DenominationOffer, FreeAmountOffer } from '../../../../contract/offer.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { TextField } from '../../../ui/field.tsx'
import { formatMoney, moneyPhrase } from '../../../ui/format.ts'
import { OfferTile, OfferTiles } from '../../../ui/offer-tile.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import type { Chosen } from './buy-panel.tsx'
import { offerKey } from './choice.ts'
import { useBadge, useEffectWords } from './offer-words.ts'
import type { TilesProps } from './package-tiles.tsx'

/** Face values, and last an amount of one's own. */
export function AmountTiles({ table, chosen, lastTime, own }: TilesProps) {
  const { t } = useTranslation('purchase')
  const language = useLanguage()
  const name = useId()
  const badge = useBadge(lastTime)
  const { freeAmount } = table
  const tile = (key: string) => ({
    name,
    value: key,
    checked: chosen.key === key,
    onChoose: chosen.choose,
  })
  return (
    <>
      <OfferTiles label={t('offers.amount')}>
        {table.denominations.map((offer) => (
          <DenominationTile
            key={offerKey(offer)}
            tile={tile(offerKey(offer))}
            badge={badge(offerKey(offer), offer.recommended)}
            offer={offer}
            own={own}
          />
        ))}
        {freeAmount && (
          <OfferTile
            wide
            {...tile(offerKey(freeAmount))}
            title={t('offers.custom')}
            badge={badge(offerKey(freeAmount), false)}
            price={
              <span className="text-ink-soft">
                {t('offers.customRange', {
                  min: moneyPhrase(freeAmount.min, language),
                  max: moneyPhrase(freeAmount.max, language),
                })}
              </span>
            }
          />
        )}
      </OfferTiles>
      {freeAmount && chosen.key === offerKey(freeAmount) && (
        <CustomAmount offer={freeAmount} chosen={chosen} own={own} />
      )}
    </>
  )
}

interface DenominationTileProps {
  readonly tile: { name: string; value: string; checked: boolean; onChoose: (value: string) => void }
  readonly badge: string | undefined
  readonly offer: DenominationOffer
  readonly own: boolean
}

function DenominationTile({ tile, badge, offer, own }: DenominationTileProps) {
  const { t } = useTranslation('purchase')
  const language = useLanguage()
  const effectWords = useEffectWords()
  return (
    <OfferTile
      {...tile}
      title={moneyPhrase(offer.face, language)}
      badge={badge}
      price={t('offers.price', { price: formatMoney(offer.price, language) })}
      contents={
        offer.bonus.amountMinor === '0'
          ? undefined
          : [t('offers.bonus', { bonus: moneyPhrase(offer.bonus, language) })]
      }
      effect={effectWords(offer.effect, offer.price, own)}
    />
  )
}

interface CustomAmountProps {
  readonly offer: FreeAmountOffer
  readonly chosen: Chosen
  readonly own: boolean
}

/** The field of the custom tile; choosing the tile leads straight into it. */
function CustomAmount({ offer, chosen, own }: CustomAmountProps) {
  const { t } = useTranslation('purchase')
  const language = useLanguage()
  const effectWords = useEffectWords()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const phrase = (money: FreeAmountOffer['min']) => moneyPhrase(money, language)
  const limits = { min: phrase(offer.min), max: phrase(offer.max), step: phrase(offer.step) }
  const { choice, entry } = chosen
  return (
    <div className="mt-4">
      <TextField
        ref={field}
        label={t('offers.customLabel')}
        hint={
          choice ? (
            <Sentence>{effectWords(choice.effect, choice.price, own).join(' · ')}</Sentence>
          ) : (
            t('offers.customHint', limits)
          )
        }
        error={entry.kind === 'bad' ? t('offers.customBad', limits) : undefined}
        inputMode="decimal"
        autoComplete="off"
        maxLength={16}
        value={chosen.typed}
        onValue={chosen.type}
        className="text-xl font-semibold"
      />
    </div>
  )
}
