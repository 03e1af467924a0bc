/** Whether the device has a network at all; it may still not reach us. */
export function isOnline(): boolean {
  return navigator.onLine
}

/** Calls `tell` when the network comes or goes; the answer ends that. */
export function onOnline(tell: () => void): () => void {
  addEventListener('online', tell)
  addEventListener('offline', tell)
  return () => {
    removeEventListener('online', tell)
    removeEventListener('offline', tell)
  }
}
