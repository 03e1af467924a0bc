import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Skeleton } from './loading.tsx'

/** One square per dark module as a single SVG path, in module units. */
async function drawQr(text: string): Promise<{ size: number; path: string }> {
  const { default: qrcode } = await import('qrcode')
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' })
  let path = ''
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column)) path += `M${column} ${row}h1v1h-1z`
    }
  }
  return { size: modules.size, path }
}

/** A QR code on white with its quiet zone of four modules (ISO/IEC 18004), whatever the theme. The encoder loads on demand. */
export function QrImage({ text, label }: { readonly text: string; readonly label?: string }) {
  const { t } = useTranslation('kit')
  const drawing = useQuery({ queryKey: ['qr', text], queryFn: () => drawQr(text), staleTime: Infinity })
  if (!drawing.data) return <Skeleton className="size-52" />
  const { size, path } = drawing.data
  return (
    <svg
      role="img"
      aria-label={label ?? t('qr')}
      viewBox={`-4 -4 ${size + 8} ${size + 8}`}
      shapeRendering="crispEdges"
      className="size-52 rounded-md"
    >
      <rect x="-4" y="-4" width={size + 8} height={size + 8} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
