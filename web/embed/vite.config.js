// One classic script that a customer's page loads, whatever browser it is for.
export default {
  base: '/embed/',
  build: {
    target: 'es2018',
    lib: { entry: 'elements.ts', formats: ['iife'], name: 'ClearspanElements', fileName: () => 'elements.js' },
  },
}
