/**
 * The kit draws a picture twice: as its element, which pages give a name for screen readers, and as an image without words
 * within. The inner one is told to be silent, or a reader would spell its address.
 */
import type { Plugin } from 'vite'

const DRAWN = 'img.draggable = props2.draggable;'

export function silentPictures(): Plugin {
  return {
    name: 'jiping:silent-pictures',
    transform(code, id) {
      if (!/uni-h5\.es\.js(\?|$)/.test(id)) return undefined
      if (!code.includes(DRAWN)) throw new Error('the kit draws pictures in another way by now: look at tools/silent-pictures.ts')
      return { code: code.replace(DRAWN, `img.alt = ''; ${DRAWN}`), map: null }
    },
  }
}
