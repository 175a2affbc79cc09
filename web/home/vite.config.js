export default { base: '/home/' }
