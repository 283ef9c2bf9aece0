import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { sentenceOf } from '@/api'
import { forgotten } from '@/api/session'
import { signInIfNeeded } from './ways'

export type Progress = 'loading' | 'ready' | 'failed'

/** What a page shows once it has come: while it is under way, when it came, and why it did not. */
export interface Loaded<T> {
  data: ShallowRef<T | null>
  progress: Ref<Progress>
  sentence: Ref<string>
  load: () => Promise<void>
}

/** What is there stays on the screen while it is fetched anew, and if that fails; not when somebody has signed out. */
export function useLoaded<T>(ask: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const progress = ref<Progress>('loading')
  const sentence = ref('')
  let latest = 0

  async function load(): Promise<void> {
    const mine = ++latest
    if (data.value === null) progress.value = 'loading'
    try {
      const told = await ask()
      if (mine !== latest) return
      data.value = told
      sentence.value = ''
      progress.value = 'ready'
    } catch (thrown) {
      if (mine !== latest) return
      signInIfNeeded(thrown)
      sentence.value = sentenceOf(thrown)
      progress.value = data.value === null ? 'failed' : 'ready'
    }
  }
  // Nor does the next person see it, until their own has come; what was still under way was asked for by another.
  watch(
    forgotten,
    () => {
      latest += 1
      data.value = null
      sentence.value = ''
      progress.value = 'loading'
    },
    { flush: 'sync' },
  )
  return { data, progress, sentence, load }
}
