import react from '@vitejs/plugin-react'

export default { base: '/dashboard/', plugins: [react()], build: { chunkSizeWarningLimit: 900 } }
