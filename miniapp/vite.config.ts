import { fileURLToPath } from 'node:url'
import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'
import { cutVendorCalls } from './tools/cut-vendor-calls'
import { silentPictures } from './tools/silent-pictures'

export default defineConfig({
  plugins: [uni(), cutVendorCalls(process.env.UNI_PLATFORM), silentPictures()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { reportCompressedSize: false },
})
