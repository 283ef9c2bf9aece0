import { computed, ref } from 'vue'

/** The sign-in of this phone: an opaque token, kept until it ends or somebody signs out. */
const KEY = 'sign-in'
const token = ref<string>(String(uni.getStorageSync(KEY) || ''))

export const signedIn = computed(() => token.value !== '')

export function bearer(): string {
  return token.value
}

export function keepSignIn(given: string): void {
  token.value = given
  uni.setStorageSync(KEY, given)
}

/** Forget the sign-in alone: what was typed stays, for whoever signs in again goes on with it. */
export function forgetSignIn(): void {
  token.value = ''
  uni.removeStorageSync(KEY)
}

/** Signing out: nothing personal stays on the phone. */
export function forgetEverything(): void {
  token.value = ''
  uni.clearStorageSync()
}
