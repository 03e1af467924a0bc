/** A newer release that has been fetched and waits until it may take over; null while there is none. */
let waiting: ServiceWorker | null = null
const listeners = new Set<() => void>()

function note(worker: ServiceWorker | null): void {
  waiting = worker
  for (const tell of listeners) tell()
}

export function isUpdateReady(): boolean {
  return waiting !== null
}

/** Calls `tell` when a newer release is ready; the answer ends that. */
export function onUpdate(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

/** Lets the newer release take over; the page reloads as soon as it has. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting?.postMessage('take-over')
}

/** Starts the worker that keeps the pages for offline use. Nothing depends on it: a browser without one shows the same pages. */
export async function startWorker(): Promise<void> {
  const registration = await navigator.serviceWorker.register('/service-worker.js')
  const watch = (worker: ServiceWorker | null) => {
    worker?.addEventListener('statechange', () => {
      // The first worker of a device takes over by itself; only a later one has something to replace.
      if (worker.state === 'installed' && navigator.serviceWorker.controller) note(worker)
    })
  }
  if (registration.waiting && navigator.serviceWorker.controller) note(registration.waiting)
  watch(registration.installing)
  registration.addEventListener('updatefound', () => watch(registration.installing))
}
