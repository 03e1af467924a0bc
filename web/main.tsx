import { onlineManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { loadBrand } from './api/brand.ts'
import { ApiProblem } from './api/request.ts'
import { startWorker } from './device/app-worker.ts'
import { chosenLanguage, startTexts } from './language/texts.ts'
import { createPortalRouter } from './routes.tsx'
import { BrandProvider } from './ui/brand-context.ts'
import { StartTrouble } from './ui/start-trouble.tsx'
import { wearAccent, wearAppearance } from './ui/wear-appearance.ts'
import './ui/tokens.css'

const root = createRoot(document.getElementById('root') as HTMLElement)

/** Only reads are retried, and only those that never reached the server: a refusal is an answer. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Without a connection a page says so at once and asks again when there is one.
      networkMode: 'always',
      refetchOnReconnect: true,
      retry: (count, error) =>
        count < 2 && error instanceof ApiProblem && error.status === 0 && navigator.onLine,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

// The library believes in a network until it hears otherwise; opened without one, it would not notice that there is one again.
onlineManager.setOnline(navigator.onLine)

wearAppearance()

async function start(): Promise<void> {
  const chosen = chosenLanguage()
  const [brand] = await Promise.all([loadBrand(), chosen && startTexts(chosen)])
  if (!chosen) await startTexts(brand.locale)
  wearAccent(brand.accent)
  root.render(
    <StrictMode>
      <BrandProvider value={brand}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={createPortalRouter(queries)} />
        </QueryClientProvider>
      </BrandProvider>
    </StrictMode>,
  )
}

start().catch(() => root.render(<StartTrouble />))

// Once the page has what it needs; a development server has no worker.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => void startWorker().catch(() => {}))
}
