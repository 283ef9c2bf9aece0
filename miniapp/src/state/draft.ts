import { reactive, watch } from 'vue'
import { forgotten } from '@/api/session'

/**
 * What somebody types, kept on the phone as they type it: nothing is lost when WeChat closes the page. What stands in the
 * fields of `unkept` is never written down: it is there as long as the page is.
 */
export function useDraft<T extends object>(
  key: string,
  empty: () => T,
  unkept: readonly (keyof T & string)[] = [],
): { draft: T; clear: () => void } {
  const name = DRAFT + key
  const without = (one: object): object =>
    Object.fromEntries(Object.entries(one).filter(([field]) => !(unkept as readonly string[]).includes(field)))
  const draft = reactive({ ...empty(), ...without(kept<T>(key)) }) as T
  const keep = (): (() => void) =>
    watch(draft, (now) => uni.setStorageSync(name, JSON.stringify(without(now))), { deep: true, flush: 'sync' })
  let stop = keep()
  // Whoever is there next begins with nothing, and that is not written down over what is theirs.
  watch(
    forgotten,
    () => {
      stop()
      Object.assign(draft, empty())
      stop = keep()
    },
    { flush: 'sync' },
  )
  function clear(): void {
    stop()
    uni.removeStorageSync(name)
  }
  return { draft, clear }
}

const DRAFT = 'draft:'

export function kept<T>(key: string): Partial<T> {
  try {
    return JSON.parse(String(uni.getStorageSync(DRAFT + key) || '{}')) as Partial<T>
  } catch {
    return {}
  }
}

/** The drafts on this phone whose names begin so. */
export function keptDrafts(beginning: string): string[] {
  const names = uni.getStorageInfoSync().keys.filter((name) => name.startsWith(DRAFT + beginning))
  return names.map((name) => name.slice(DRAFT.length))
}

export function dropDraft(key: string): void {
  uni.removeStorageSync(DRAFT + key)
}
