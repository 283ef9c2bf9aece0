import { reactive, watch } from 'vue'

/** What somebody types, kept on the phone as they type it: nothing is lost when WeChat closes the page. */
export function useDraft<T extends object>(key: string, empty: () => T): { draft: T; clear: () => void } {
  const name = `draft:${key}`
  const draft = reactive({ ...empty(), ...kept<T>(name) }) as T
  const stop = watch(draft, (now) => uni.setStorageSync(name, JSON.stringify(now)), { deep: true, flush: 'sync' })
  function clear(): void {
    stop()
    uni.removeStorageSync(name)
  }
  return { draft, clear }
}

function kept<T>(name: string): Partial<T> {
  try {
    return JSON.parse(String(uni.getStorageSync(name) || '{}')) as Partial<T>
  } catch {
    return {}
  }
}
