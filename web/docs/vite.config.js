import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// The reference is drawn by Scalar's finished bundle, which is handed on as it is.
const scalar = join(
  dirname(createRequire(import.meta.url).resolve('@scalar/fastify-api-reference')),
  'js',
  'standalone.js',
)

export default {
  base: '/docs/',
  build: {
    rolldownOptions: { input: ['guide.html', 'reference.html'].map((page) => join(import.meta.dirname, page)) },
  },
  plugins: [
    {
      name: 'scalar',
      buildStart() {
        this.emitFile({ type: 'asset', name: 'scalar.js', source: readFileSync(scalar) })
      },
      // The page names the bundle by the name that its content gave it.
      generateBundle: {
        order: 'post',
        handler(_, bundle) {
          const file = Object.keys(bundle).find((name) => /scalar-[^/]*\.js$/.test(name))
          for (const output of Object.values(bundle)) {
            if (output.type !== 'asset' || !output.fileName.endsWith('.html')) continue
            output.source = String(output.source).replace('/docs/scalar.js', `/docs/${file}`)
          }
        },
      },
    },
  ],
}
