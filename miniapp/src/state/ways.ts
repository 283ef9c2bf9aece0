import { Fault } from '@/api/fault'
import { signedIn } from '@/api/session'

/** The pages that stand in the bar at the bottom: one goes there by another call. */
const TABS = ['/pages/sittings/index', '/pages/registrations/index', '/pages/me/index']

function isTab(url: string): boolean {
  return TABS.includes(url.split('?')[0] ?? '')
}

/** Open a page on top of this one. */
export function go(url: string): void {
  if (isTab(url)) uni.switchTab({ url })
  else uni.navigateTo({ url })
}

/** Open a page in the place of this one: whoever goes back does not come to it again. */
export function replace(url: string): void {
  if (isTab(url)) uni.switchTab({ url })
  else uni.redirectTo({ url })
}

export function back(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else uni.switchTab({ url: '/pages/sittings/index' })
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
