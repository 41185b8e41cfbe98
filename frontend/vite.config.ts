import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { checkBundleBudget } from './vite/check-bundle-budget.ts'
import { checkLayerOrder } from './vite/check-layer-order.ts'

const sharedModules = [
  /node_modules[\\/](?:@tanstack|@lingui|wouter|regexparam|use-sync-external-store|zustand)[\\/]/,
  /frontend[\\/]src[\\/]shared[\\/](?:api|i18n|settings|styles|theme|ui)[\\/](?!catalogue[\\/])/,
  /packages[\\/]protocol[\\/]/,
  /vite[\\/]preload-helper/,
]

function isShared(id: string): boolean {
  return sharedModules.some((pattern) => pattern.test(id))
}

const backend = 'http://127.0.0.1:3001'

export default defineConfig({
  plugins: [react(), checkBundleBudget(), checkLayerOrder()],
  server: { host: '127.0.0.1', proxy: { '/api': backend, '/v1': backend, '/health': backend } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    target: 'es2023',
    // The content security policy allows no inline script, and browsers without module preload need no help.
    modulePreload: { polyfill: false },
    // Files of their own are cached and need no `data:` in the policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // React changes with its releases only, so readers keep it over our upgrades.
            { name: 'react', test: /node_modules[\\/](?:react|react-dom|scheduler)[\\/]/, priority: 2 },
            // What every page uses, in one file: a dozen small ones compress worse and cost a request each.
            { name: 'shared', test: isShared, priority: 1 },
            // The same for what the parts of the chat have in common.
            { name: 'chat', test: /features[\\/]chat[\\/]/, minShareCount: 2 },
          ],
        },
      },
    },
  },
})
