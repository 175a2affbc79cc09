export { isUnavailable } from '../db/connection-errors.js'
