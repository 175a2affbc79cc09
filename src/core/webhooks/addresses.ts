/**
 * Where webhooks may lead outside development, as far as the address says it. Where a name leads is judged when it is dialled.
 * Contract: method/webhooks-events §1.2.
 */

// Of the ports that systems keep for themselves only that of https is a receiver's; and no database takes webhooks.
const SYSTEM_PORT_MAX = 1023
const DATABASE_PORTS = [1433, 1521, 2375, 2379, 3306, 5432, 5984, 6379, 6432, 9200, 9300, 11_211, 27_017]

/** False for a port at which something else than a receiver of webhooks answers. */
export function isReceiversPort(url: URL): boolean {
  if (url.port === '') return true
  const port = Number(url.port)
  return port > SYSTEM_PORT_MAX && !DATABASE_PORTS.includes(port)
}
