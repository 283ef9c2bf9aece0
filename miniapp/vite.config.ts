import { fileURLToPath } from 'node:url'
import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'
import { cutVendorCalls } from './tools/cut-vendor-calls'
import { keepPages } from './tools/keep-pages'
import { silentPictures } from './tools/silent-pictures'
import { rolesForWechat } from './tools/spoken-roles'

export default defineConfig({
  plugins: [
    uni(),
    cutVendorCalls(process.env.UNI_PLATFORM),
    silentPictures(),
    rolesForWechat(process.env.UNI_PLATFORM),
    keepPages(process.env.UNI_PLATFORM),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { reportCompressedSize: false },
})
