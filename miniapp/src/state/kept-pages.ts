/**
 * On the phone pages: have the worker keep what the ticket's page needs (tools/keep-pages.worker.js). Once the page has
 * loaded and the phone has nothing else to do: nobody waits for it. A browser without workers shows the pages as before.
 */
export function keepPages(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const register = () => void navigator.serviceWorker.register('./sw.js').catch(() => undefined)
  const idly = () => ('requestIdleCallback' in window ? requestIdleCallback(register, { timeout: 10_000 }) : setTimeout(register, 3000))
  if (document.readyState === 'complete') idly()
  else addEventListener('load', idly, { once: true })
}
