/**
 * WeChat's screen reader hears what an element is from `aria-role`, a browser's from `role`. The pages are written with `role`,
 * and what is built for WeChat says it in WeChat's way. The other names (aria-label, aria-checked, aria-level and so on) are
 * the same in both: developers.weixin.qq.com/miniprogram/dev/component/aria-component.html. tests/mini-program.test.ts looks.
 */
import type { Plugin } from 'vite'

/** A page's template as WeChat reads it. What is called role elsewhere, as in text or in another name, stays. */
export function spokenRoles(wxml: string): string {
  return wxml.replace(/<[a-z][^<>"]*(?:"[^"]*"[^<>"]*)*>/g, (tag) => tag.replace(/(\s)role=(?=")/g, '$1aria-role='))
}

export function rolesForWechat(platform: string | undefined): Plugin {
  return {
    name: 'jiping:spoken-roles',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        if (platform !== 'mp-weixin') return
        for (const one of Object.values(bundle))
          if (one.type === 'asset' && one.fileName.endsWith('.wxml') && typeof one.source === 'string') one.source = spokenRoles(one.source)
      },
    },
  }
}
