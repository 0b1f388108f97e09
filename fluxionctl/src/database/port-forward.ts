import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type KubeConfig, PortForward } from '@kubernetes/client-node'

/** `failure`: why the last connection could not be forwarded, if so. */
export type Forwarded = { port: number; readonly failure: string | undefined; close(): Promise<void> }

/**
 * Forwards a free local port to a port of a pod, through the API server, as whoever the kubeconfig names.
 * @param pod asked for at each connection
 */
export async function forward(
  config: KubeConfig,
  namespace: string,
  pod: () => Promise<string>,
  podPort: number,
): Promise<Forwarded> {
  const forwarder = new PortForward(config)
  const sockets = new Set<Socket>()
  let failure: string | undefined
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // The other end is told by the close that follows.
    socket.on('error', () => socket.destroy())
    pod()
      .then((name) => forwarder.portForward(namespace, name, [podPort], socket, null, socket))
      .then((tunnel) => {
        const end = () => socket.destroy()
        if ('on' in tunnel) tunnel.on('close', end)
        socket.on('close', () => 'close' in tunnel && tunnel.close())
      })
      .catch((error: Error) => {
        failure = error.message
        socket.destroy()
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get failure() {
      return failure
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
