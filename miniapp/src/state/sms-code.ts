import { onUnmounted, ref, watch } from 'vue'
import { useDoing } from './doing'

/** A code is asked for again after a minute, and is good for five. */
const AGAIN_MS = 60_000
const GOOD_MS = 5 * 60_000

/** The number to which a code was sent, and when. */
export interface CodeSent {
  phone: string
  at: number
}

/** What of a code is still awaited on this phone: browsers drop a page while its reader is away to read the message. */
export function keptCode(purpose: string, now: number): CodeSent | null {
  try {
    const kept = JSON.parse(String(uni.getStorageSync(nameOf(purpose)) || 'null')) as Partial<CodeSent> | null
    if (typeof kept?.phone !== 'string' || typeof kept.at !== 'number') return null
    // A clock that was set back in between must not have anybody wait for longer than a minute.
    return now >= kept.at && now < kept.at + GOOD_MS ? { phone: kept.phone, at: kept.at } : null
  } catch {
    return null
  }
}

export function keepCode(purpose: string, sent: CodeSent): void {
  uni.setStorageSync(nameOf(purpose), JSON.stringify(sent))
}

export function dropCode(purpose: string): void {
  uni.removeStorageSync(nameOf(purpose))
}

/** How many seconds are left before another code may be asked for. */
export function secondsLeft(sent: CodeSent, now: number): number {
  return Math.max(0, Math.ceil((sent.at + AGAIN_MS - now) / 1000))
}

function nameOf(purpose: string): string {
  return `code:${purpose}`
}

/** A code by SMS: asked for, then waited for, and after a minute asked for again. `purpose` names what it is for. */
export function useSmsCode(purpose: string, send: (phone: string) => Promise<unknown>) {
  const before = keptCode(purpose, Date.now())
  const phone = ref(before?.phone ?? '')
  const code = ref('')
  const sent = ref(before !== null)
  const rest = ref(0)
  const sending = useDoing()
  let clock: ReturnType<typeof setInterval> | undefined

  function wait(from: CodeSent): void {
    rest.value = secondsLeft(from, Date.now())
    clearInterval(clock)
    if (rest.value === 0) return
    clock = setInterval(() => {
      rest.value = secondsLeft(from, Date.now())
      if (rest.value === 0) clearInterval(clock)
    }, 1000)
  }

  async function ask(): Promise<void> {
    const number = phone.value.trim()
    if (!(await sending.run(async () => void (await send(number))))) return
    const now = { phone: number, at: Date.now() }
    keepCode(purpose, now)
    sent.value = true
    wait(now)
  }

  /** Another number is another code; one that was used is not waited for either. */
  function forget(): void {
    dropCode(purpose)
    sent.value = false
    code.value = ''
    rest.value = 0
    clearInterval(clock)
  }
  watch(phone, () => {
    sending.mended()
    forget()
  })
  if (before === null) dropCode(purpose)
  else wait(before)
  onUnmounted(() => clearInterval(clock))
  return { phone, code, sent, rest, sending, ask, forget }
}
