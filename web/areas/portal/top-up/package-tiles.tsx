import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { OffersView, PackageOffer, Term } from '../../../../contract/offer.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { MoneyText } from '../../../ui/money-text.tsx'
import { OfferTile, OfferTiles } from '../../../ui/offer-tile.tsx'
import type { Chosen } from './buy-panel.tsx'
import { offerKey } from './choice.ts'
import { useBadge, useEffectWords, usePackageContents } from './offer-words.ts'

export interface TilesProps {
  readonly table: OffersView
  readonly chosen: Chosen
  readonly lastTime: string | undefined
  readonly own: boolean
}

/** The packages of one term, a line each: what they hold and what they do to the date need the room. */
export function PackageTiles({ table, term, chosen, lastTime, own }: TilesProps & { readonly term: Term }) {
  const { t } = useTranslation(['purchase', 'state'])
  const language = useLanguage()
  const name = useId()
  const contents = usePackageContents()
  const effectWords = useEffectWords()
  const badge = useBadge(lastTime)
  return (
    <OfferTiles label={t(`state:term.${term}`)}>
      {table.packages
        .filter((offer) => offer.term === term)
        .map((offer) => (
          <OfferTile
            key={offerKey(offer)}
            wide
            name={name}
            value={offerKey(offer)}
            checked={chosen.key === offerKey(offer)}
            onChoose={chosen.choose}
            title={offer.name[language]}
            badge={badge(offerKey(offer), offer.recommended)}
            price={<PackagePrice offer={offer} />}
            contents={contents(offer)}
            effect={effectWords(offer.effect, offer.price, own)}
          />
        ))}
    </OfferTiles>
  )
}

function PackagePrice({ offer: { price, listPrice } }: { readonly offer: PackageOffer }) {
  const { t } = useTranslation('purchase')
  return (
    <>
      <span className="text-xl font-semibold">
        <MoneyText money={price} />
      </span>
      {listPrice.amountMinor !== price.amountMinor && (
        <span className="block text-sm text-ink-soft">
          <span className="sr-only">{t('offers.listPrice')}</span>
          <s>
            <MoneyText money={listPrice} />
          </s>
        </span>
      )}
    </>
  )
}
