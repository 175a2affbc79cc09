/** What `@clearspan/testing` loads to run a server in the process of the tests. */
import { sharedFolder, startTestServer, type TestServer, type TestServerOptions } from './server/testing/host.js'

/** Starts a server on a throwaway database and returns when it answers. */
export function startInProcess(options: Omit<TestServerOptions, 'folder'>): Promise<TestServer> {
  return startTestServer({ ...options, folder: sharedFolder(process.env) })
}
