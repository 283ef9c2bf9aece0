import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { 'process.env.UNI_PLATFORM': 'globalThis.__platform' },
  test: { include: ['tests/**/*.test.ts'], environment: 'node', setupFiles: ['tests/phone.ts'] },
})
