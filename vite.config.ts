import { fileURLToPath } from 'node:url'
import bitrix24UI from '@bitrix24/b24ui-nuxt/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** One page per place in Bitrix24's interface; the server puts the opening user's data into each. */
export default defineConfig({
  root: at('./placements'),
  base: '/assets/',
  plugins: [vue(), bitrix24UI({ router: false, colorMode: false, dts: false })],
  define: { __VUE_OPTIONS_API__: false, __INTLIFY_JIT_COMPILATION__: true, __VUE_I18N_LEGACY_API__: false },
  build: {
    outDir: at('./dist/pages'),
    emptyOutDir: true,
    assetsDir: '.',
    rollupOptions: {
      input: {
        conversion: at('./placements/conversion/index.html'),
        install: at('./placements/install/index.html'),
        app: at('./placements/app/index.html'),
        'lead-tab': at('./placements/lead-tab/index.html'),
      },
    },
  },
})
