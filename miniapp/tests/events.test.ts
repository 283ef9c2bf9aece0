/** No component of ours has an event named like one of the phone's own: it would come twice in WeChat, and unguarded in a browser. */
import { readFileSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'

const NATIVE = /defineEmits<\{[^}]*\b(tap|click|input|change|touch\w*|longpress|scroll)\b\s*:/

it.each(readdirSync('src/parts').filter((name) => name.endsWith('.vue')))('%s', (name) => {
  expect(readFileSync(`src/parts/${name}`, 'utf-8')).not.toMatch(NATIVE)
})

it('no page listens for taps on a component', () => {
  const pages = readdirSync('src/pages').map((name) => readFileSync(`src/pages/${name}/index.vue`, 'utf-8'))
  expect(pages.filter((text) => /<[A-Z]\w+[^>]*@(tap|click)=/.test(text))).toEqual([])
})
