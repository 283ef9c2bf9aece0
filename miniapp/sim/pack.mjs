/**
 * Makes one script of a built mini-program, for page.mjs: its code as text, its templates compiled, its styles.
 *
 *   node pack.mjs ../dist/build/mp-weixin packed.js http://127.0.0.1:8000
 *
 * The output of the build is not changed but for names: handlers go through one of ours (see page.mjs), elements of WeChat
 * become those that a browser has for the same, and the API is where the last argument says.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { TmplGroup } from 'glass-easel-template-compiler'

const [, , folder, out, api] = process.argv
const TAGS = { view: 'div', text: 'span', image: 'img', 'scroll-view': 'section', 'cover-view': 'div', label: 'div' }

function files(within) {
  return readdirSync(within, { withFileTypes: true }).flatMap((one) => {
    const path = join(within, one.name)
    return one.isDirectory() ? files(path) : [path]
  })
}

function template(text) {
  return text
    .replace(/\b(bind|catch):?([A-Za-z]\w*)="\{\{([^}]+)\}\}"/g, (_, how, event, handler) => {
      const kept = event === '__l' ? '' : ` data-on-${event.toLowerCase()}="{{${handler}}}"`
      return `${how}:${event}="__ev"${kept}`
    })
    // As in WeChat: a screen reader hears `aria-role`, and `role` says nothing to it.
    .replace(/(\s)role="[^"]*"/g, '$1')
    .replace(/(\s)aria-role=/g, '$1role=')
    // WeChat writes these out; the framework would leave out what is false.
    .replace(/\b(aria-(?:disabled|checked|selected|expanded|hidden))="\{\{([^}]+)\}\}"/g, '$1="{{$2 ? \'true\' : \'false\'}}"')
    .replace(/<(\/?)([a-z][a-z-]*)(?=[\s>/])/g, (_, slash, tag) => `<${slash}${TAGS[tag] ?? tag}`)
    // The framework keeps ids to itself; drawing code asks for a canvas by its id.
    .replace(/(<canvas\b[^>]*?\s)id=("[^"]*")/g, '$1id=$2 known-as=$2')
    .replace(/<(img|input)\b([^>]*?)\/?>(?:<\/\1>)?/g, '<$1$2/>')
}

function style(text) {
  return text
    .replace(/(^|[},\s])page(?=[\s{.,:])/g, '$1body')
    .replace(/([\d.]+)rpx/g, (_, number) => `${(Number(number) * 100) / 750}vw`)
}

const group = new TmplGroup()
group.addTmpl('wheel', '<slot/>')
// The one element of WeChat's whose properties are more than text.
const packed = { scripts: {}, configs: { wheel: { component: true } }, styles: '' }
for (const path of files(folder).sort()) {
  const name = relative(folder, path).replace(/\.\w+$/, '')
  const text = () => readFileSync(path, 'utf-8')
  if (path.endsWith('.js')) packed.scripts[name] = text().replace(/(\bAPI_BASE=)"[^"]*"/, (_, name) => `${name}${JSON.stringify(api)}`)
  else if (path.endsWith('.json')) packed.configs[name] = JSON.parse(text())
  else if (path.endsWith('.wxs')) group.addScript(name, text())
  else if (path.endsWith('.wxml')) group.addTmpl(name, template(text()))
  else if (path.endsWith('.wxss')) packed.styles += style(text())
}
writeFileSync(
  out,
  `window.PACKED = ${JSON.stringify(packed)};\nwindow.TEMPLATES = (() => { return ${group.getTmplGenObjectGroups()} })();\n`,
)
