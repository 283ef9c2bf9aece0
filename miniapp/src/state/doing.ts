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
    mended()
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

  /** What went wrong has been changed, in this field or (without one) anywhere: say no more of it. */
  function mended(field?: string): void {
    sentence.value = ''
    if (field === undefined) wrong.value = {}
    else if (field in wrong.value) wrong.value = { ...wrong.value, [field]: '' }
  }
  return { busy, sentence, wrong, run, mended }
}
