/** Bundles the page with the widget that is installed here, for this machine: `dist/widget.js` and `dist/widget.css`. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

await build({
  entryPoints: { widget: here('src/page.jsx') },
  outdir: here('dist'),
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  minify: true,
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
})
