import { getCurrentInstance, nextTick, onMounted, onUnmounted } from 'vue'
import { IN_WECHAT } from '@/platform'

interface Watch {
  relativeToViewport(margins: { left: number; top: number; right: number; bottom: number }): Watch
  observe(selector: string, told: (seen: { intersectionRatio: number }) => void): void
  disconnect(): void
}

/**
 * Tells once when what `selector` names in this component has been on the screen; at once where it is there already.
 * `covered`: so many pixels at the screen's lower edge, under a bar of ours, do not count.
 */
export function whenSeen(selector: string, covered: number, told: () => void): void {
  const here = getCurrentInstance()?.proxy
  let watch: Watch | null = null
  onMounted(() =>
    nextTick(() => {
      watch = watchOf(here)
      watch.relativeToViewport({ left: 0, top: 0, right: 0, bottom: -covered }).observe(selector, (seen) => {
        if (seen.intersectionRatio <= 0) return
        watch?.disconnect()
        told()
      })
    }),
  )
  onUnmounted(() => watch?.disconnect())
}

/** In WeChat it is the component itself, not Vue's view of it, that finds its own elements. */
function watchOf(here: unknown): Watch {
  if (!IN_WECHAT) return uni.createIntersectionObserver(here as never) as unknown as Watch
  return (here as { $scope: { createIntersectionObserver(): Watch } }).$scope.createIntersectionObserver()
}

/** Move the page on by somewhat less than a screen, for those who do not know how to scroll. */
export function turnOn(): void {
  uni
    .createSelectorQuery()
    .selectViewport()
    .scrollOffset((told) => {
      const from = (told as unknown as { scrollTop?: number }).scrollTop ?? 0
      // On the phone pages the kit would slide the whole body, and the bar with it.
      const duration = IN_WECHAT ? 200 : 0
      uni.pageScrollTo({ scrollTop: from + uni.getWindowInfo().windowHeight * 0.6, duration })
    })
    .exec()
}
