/**
 * The phone pages on a phone without a network: what the ticket's page needs is kept, so that it opens from nothing at the
 * door of a sitting. keep-pages.ts writes this file beside the pages, with the names of the files in it.
 *
 * It keeps what is the same for everybody, and nothing of anybody's: the index and files under assets/. All else, each call
 * of the API among it, goes past it untouched. Each release has a cache of its own, filled whole or not at all, and its
 * worker begins once the pages of the one before are closed: an index never meets the files of another release.
 */
const RELEASE = 'jiping-pages-__RELEASE__'
const ENTRY = '__ENTRY__'
const KEPT = ['__KEPT__']
const HERE = new URL('./', self.location.href)
/** A network that has not brought the index by then counts as none. */
const PATIENCE_MS = 10_000

self.addEventListener('install', (event) => event.waitUntil(keep()))
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== HERE.origin || !url.pathname.startsWith(HERE.pathname)) return
  const name = url.pathname.slice(HERE.pathname.length)
  if (request.mode === 'navigate' && (name === '' || name === 'index.html')) event.respondWith(index(request))
  else if (name.startsWith('assets/')) event.respondWith(asset(event))
})

async function keep() {
  const answer = await fetch(HERE, { cache: 'no-cache' })
  // Between the asking for this file and for the index a new release may have come: its own worker will keep it.
  if (!answer.ok || !(await answer.clone().text()).includes(ENTRY)) throw new Error('the index is of another release')
  const cache = await caches.open(RELEASE)
  await cache.addAll(KEPT.map((name) => new URL(name, HERE).href))
  await cache.put(HERE, answer)
}

async function forgetOthers() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('jiping-pages-') && name !== RELEASE).map((name) => caches.delete(name)))
}

/** The network's first, so that a new release is there at once; the kept one where there is no network, or no server. */
async function index(request) {
  const asked = fetch(request).catch(() => null)
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null))
  const answer = await Promise.race([asked, late])
  if (answer !== null && answer.status < 500) return answer
  const kept = await (await caches.open(RELEASE)).match(HERE, { ignoreVary: true })
  return kept ?? answer ?? (await asked) ?? Response.error()
}

/** Named after its content, so that what is kept is right. What else somebody opens is kept as well. */
async function asset(event) {
  const cache = await caches.open(RELEASE)
  const kept = await cache.match(event.request, { ignoreVary: true })
  if (kept !== undefined) return kept
  const answer = await fetch(event.request)
  if (answer.ok) event.waitUntil(cache.put(event.request, answer.clone()).catch(() => undefined))
  return answer
}
