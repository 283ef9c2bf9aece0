/**
 * Writes the worker that keeps the pages for a phone without a network: tools/keep-pages.worker.js, with the files in it that
 * the pages at the door of a sitting are made of. Written here and not with workbox-build: that wants Node 20, where this
 * client takes 18, and 325 packages, for a file of sixty lines.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformWithEsbuild, type Plugin } from 'vite'

const WORKER = fileURLToPath(new URL('./keep-pages.worker.js', import.meta.url))
/** The ticket, the way to it from the bar at the bottom, and what may be asked for on that way. */
const PAGES = ['sittings', 'registrations', 'registration', 'ticket', 'sign-in', 'me'].map((name) => `pages/${name}/index.vue`)

/** A built script: what it needs to run, and which page it is of, if of one. */
export interface Part {
  fileName: string
  isEntry: boolean
  facadeModuleId: string | null
  imports: string[]
  styles: Iterable<string>
}

/** The scripts and styles that these pages need, with all that those need. Throws where a page is not among the parts. */
export function needed(parts: Part[], pages: readonly string[]): string[] {
  const byName = new Map(parts.map((one) => [one.fileName, one]))
  const starts = pages.map((page) => {
    const found = parts.find((one) => one.facadeModuleId?.split('?')[0]?.endsWith(`/${page}`))
    if (found === undefined) throw new Error(`${page} is not among what was built: look at tools/keep-pages.ts`)
    return found.fileName
  })
  const open = [...parts.filter((one) => one.isEntry).map((one) => one.fileName), ...starts]
  const names = new Set<string>()
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const part = byName.get(name)
    if (part === undefined || names.has(name)) continue
    names.add(name)
    for (const style of part.styles) names.add(style)
    open.push(...part.imports)
  }
  return [...names].sort()
}

export function keepPages(platform: string | undefined): Plugin {
  return {
    name: 'jiping:keep-pages',
    apply: 'build',
    async writeBundle(options, bundle) {
      if (platform !== 'h5' || options.dir === undefined) return
      const parts = Object.values(bundle).flatMap((one) =>
        one.type === 'chunk' ? [{ ...one, styles: one.viteMetadata?.importedCss ?? [] }] : [],
      )
      const index = readFileSync(join(options.dir, 'index.html'), 'utf-8')
      const named = [...index.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((found) => found[1] ?? '')
      const kept = [...new Set([...named, ...needed(parts, PAGES)])].sort()
      const entry = named.find((name) => name.endsWith('.js'))
      if (entry === undefined) throw new Error('the index names no script: look at tools/keep-pages.ts')
      const worker = readFileSync(WORKER, 'utf-8').replace("['__KEPT__']", JSON.stringify(kept)).replace('__ENTRY__', entry)
      const release = createHash('sha256').update(index).update(worker).digest('hex').slice(0, 16)
      const { code } = await transformWithEsbuild(worker.replace('__RELEASE__', release), 'sw.js', { minify: true, target: 'es2019' })
      writeFileSync(join(options.dir, 'sw.js'), code)
    },
  }
}
