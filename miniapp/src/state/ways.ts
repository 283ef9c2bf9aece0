import { Fault } from '@/api/fault'
import { signedIn } from '@/api/session'
import { IN_WECHAT } from '@/platform'

const HOME = '/pages/sittings/index'
/** The pages that stand in the bar at the bottom: one goes there by another call. */
const TABS = [HOME, '/pages/registrations/index', '/pages/me/index']
/** How each of our pages is written in an address. One of this shape that there is not is the first page (`replace`). */
const PAGE = /^\/pages\/[a-z-]+\/index$/
/** More pages WeChat does not open on top of each other. */
const MOST = 10

function pathOf(url: string): string {
  return url.split('?')[0] ?? ''
}

function isTab(url: string): boolean {
  return TABS.includes(pathOf(url))
}

/** The page that `then` in an address names, however it was written there; "" where it can be none of ours. */
export function wanted(then: string | undefined): string {
  const said = then ?? ''
  const url = said.startsWith('/') ? said : decoded(said)
  return PAGE.test(pathOf(url)) ? url : ''
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const LOOK_MS = 50
const OPENS_WITHIN_MS = 5_000
/** A page is being opened: a second tap meanwhile is the same tap. */
let opening = false

/** Open a page on top of this one. */
export function go(url: string): void {
  if (opening || isOnTop(url)) return
  if (isTab(url)) {
    uni.switchTab({ url })
    return
  }
  if (IN_WECHAT && getCurrentPages().length >= MOST) {
    replace(url)
    return
  }
  opening = true
  const before = getCurrentPages().length
  uni.navigateTo({
    url,
    success: () => whenOpened(before),
    fail: () => {
      opening = false
      replace(url)
    },
  })
}

/** A browser that still fetches the page has said "success" already: only a page that is there ends the opening. */
function whenOpened(before: number, looks = 0): void {
  if (getCurrentPages().length !== before || looks * LOOK_MS > OPENS_WITHIN_MS) opening = false
  else setTimeout(() => whenOpened(before, looks + 1), LOOK_MS)
}

/** Is this very page the one that is seen? A double tap would open it on top of itself. */
function isOnTop(url: string): boolean {
  const pages = getCurrentPages() as { $page?: { fullPath?: string } }[]
  return decoded(pages[pages.length - 1]?.$page?.fullPath ?? '') === decoded(url)
}

/** Open a page in the place of this one: whoever goes back does not come to it again. One that is not there is the first page. */
export function replace(url: string): void {
  if (isTab(url)) uni.switchTab({ url })
  else uni.redirectTo({ url, fail: home })
}

function home(): void {
  uni.switchTab({ url: HOME })
}

export function back(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else home()
}

/** How a page that does not come is left: "" for those in the bar at the bottom, which one leaves by the bar. */
export function wayOut(): string {
  const pages = getCurrentPages()
  if (isTab(`/${pages[pages.length - 1]?.route ?? ''}`)) return ''
  return pages.length > 1 ? '返回上一页' : '返回考次列表'
}

/** Where somebody is to be signed in, send them there first; `then` is where they wanted to be. False where they are sent. */
export function requireSignIn(then: string): boolean {
  if (signedIn.value) return true
  replace(`/pages/sign-in/index?then=${encodeURIComponent(then)}`)
  return false
}

/** Where a sign-in has ended, ask for it on top of the page, which stays as it is and goes on when they come back. */
export function signInIfNeeded(thrown: unknown): void {
  if (thrown instanceof Fault && thrown.code === 'sign_in_needed') go('/pages/sign-in/index')
}
