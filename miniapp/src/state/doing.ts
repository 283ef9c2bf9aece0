import { ref } from 'vue'
import { Fault, sentenceOf } from '@/api'
import { signInIfNeeded } from './ways'

/** Something that a tap sets going: under way or not, and what went wrong, in words and by field. */
export function useDoing() {
  const busy = ref(false)
  const sentence = ref('')
  const wrong = ref<Record<string, string>>({})

  /** Do it, unless it is under way: a second tap changes nothing. True where it was done. */
  async function run(deed: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    sentence.value = ''
    wrong.value = {}
    try {
      await deed()
      return true
    } catch (thrown) {
      signInIfNeeded(thrown)
      sentence.value = sentenceOf(thrown)
      wrong.value = thrown instanceof Fault ? thrown.fields : {}
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, sentence, wrong, run }
}
