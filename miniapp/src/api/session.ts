import { computed, ref } from 'vue'
import { IN_WECHAT } from '@/platform'

/** The sign-in of this phone: an opaque token, kept until it ends or somebody signs out. */
const KEY = 'sign-in'
/** whose sign-in was the last one here; it outlives the sign-in, so that the next person is known for another */
const OWNER = 'signed-in-as'
const token = ref<string>(stored(KEY))

export const signedIn = computed(() => token.value !== '')
/** Goes up whenever everything of somebody's is forgotten: whoever holds something of theirs in memory drops it then. */
export const forgotten = ref(0)

export function bearer(): string {
  return token.value
}

/**
 * `phone`: the number by which they signed in; "" in WeChat, where what is kept is one WeChat account's alone. Where it is
 * another's than last time, nothing stays of whoever was here before.
 */
export function keepSignIn(given: string, phone = ''): void {
  const before = stored(OWNER)
  if (phone !== '' && before !== '' && before !== markOf(phone)) forgetEverything()
  if (phone !== '') keepOwner(phone)
  token.value = given
  uni.setStorageSync(KEY, given)
}

/** Whoever is signed in has another number from now on, and is the same person. */
export function keepOwner(phone: string): void {
  uni.setStorageSync(OWNER, markOf(phone))
}

/** Forget the sign-in alone: what was typed stays, for whoever signs in again goes on with it. */
export function forgetSignIn(): void {
  // Another window of this browser may have signed in since: what is kept is not this one's to remove.
  if (stored(KEY) === token.value) uni.removeStorageSync(KEY)
  token.value = ''
}

/** Signing out: nothing personal stays on the phone. */
export function forgetEverything(): void {
  token.value = ''
  forgotten.value += 1
  uni.clearStorageSync()
}

function stored(key: string): string {
  return String(uni.getStorageSync(key) || '')
}

/** Tells two numbers apart, and does not tell the number: some ten thousand numbers have the same mark. */
function markOf(phone: string): string {
  let sum = 7
  for (const digit of phone) sum = (sum * 31 + digit.charCodeAt(0)) % 1_048_573
  return `m${sum.toString(36)}`
}

// Another window of this browser shares what is kept. Where somebody signed out there, or somebody else signed in, this one
// begins anew: nothing of the person before stays on its screen, and nothing is asked in their name.
if (!IN_WECHAT && typeof window !== 'undefined') {
  window.addEventListener('storage', ({ key, oldValue, newValue }) => {
    if (key === null || (key === OWNER && oldValue !== null && oldValue !== newValue)) location.reload()
    else if (key === KEY) token.value = stored(KEY)
  })
}
