import { onUnmounted, ref } from 'vue'
import { useDoing } from './doing'

/** A code by SMS: asked for, then waited for, and after a minute asked for again. */
export function useSmsCode(send: (phone: string) => Promise<unknown>) {
  const phone = ref('')
  const code = ref('')
  const sent = ref(false)
  const rest = ref(0)
  const sending = useDoing()
  let clock: ReturnType<typeof setInterval> | undefined

  async function ask(): Promise<void> {
    if (!(await sending.run(async () => void (await send(phone.value.trim()))))) return
    sent.value = true
    rest.value = 60
    clearInterval(clock)
    clock = setInterval(() => {
      rest.value -= 1
      if (rest.value <= 0) clearInterval(clock)
    }, 1000)
  }
  onUnmounted(() => clearInterval(clock))
  return { phone, code, sent, rest, sending, ask }
}
