/**
 * The kit and the component library call their makers' hosts at run time: a shadow picture, a preloading of it three
 * seconds after the start, an icon font. This cuts them out of what is built, so that a candidate's phone speaks to the
 * institution's own server alone. tests/output.test.ts looks at the result.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'

const require = createRequire(import.meta.url)

/** The library's icons, from its own package and not from a host. */
function iconFont(): string {
  const path = require.resolve('wot-design-uni/components/wd-icon/wd-icons.ttf')
  return `data:font/ttf;base64,${readFileSync(path).toString('base64')}`
}

/** CSS without pictures and fonts of other hosts. `inlineFont`: a mini-program's styles cannot name a file of their own. */
export function cutStyle(css: string, inlineFont: () => string): string {
  return css
    .replace(/url\(["']?https?:\/\/[^)"']*shadow-[a-z]+\.png["']?\)/g, 'none')
    .replace(/@font-face\s*\{[^}]*https?:\/\/[^}]*\}/g, () => {
      const font = inlineFont()
      return font === '' ? '' : `@font-face{font-family:wd-icons;src:url(${font}) format("truetype")}`
    })
}

/** Scripts without calls to other hosts, and without links to the makers' manuals in messages that nobody here reads. */
export function cutScript(code: string): string {
  return code
    .replace(/wx\.preloadAssets\(\{data:\[\{[^}]*\}\]\}\)/g, 'void 0')
    .replace(/String\.fromCharCode\((\d+(?:,\s*\d+)+)\)/g, (whole, numbers: string) =>
      /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(decoded(numbers)) ? '""' : whole,
    )
    .replace(/https?:\/\/(?:uniapp\.dcloud\.net\.cn|vuejs\.org)[A-Za-z0-9/._-]*/g, '')
}

export function decoded(numbers: string): string {
  return String.fromCharCode(...numbers.split(',').map(Number))
}

export function cutVendorCalls(platform: string | undefined): Plugin {
  // The pages name the font's file themselves, so that the one of the other host goes without a substitute.
  const font = platform === 'h5' ? () => '' : iconFont
  return {
    name: 'jiping:cut-vendor-calls',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const one of Object.values(bundle)) {
          if (one.type === 'chunk') one.code = cutScript(one.code)
          else if (typeof one.source === 'string') {
            if (/\.(css|wxss)$/.test(one.fileName)) one.source = cutStyle(one.source, font)
            else if (/\.(js|html|wxml)$/.test(one.fileName)) one.source = cutScript(one.source)
          }
        }
      },
    },
  }
}
