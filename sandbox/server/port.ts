import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How long a client may take to close its end of an idle connection, in milliseconds. */
const PATIENCE = 1000;

/** Opens and closes the port of a server, and knows its connections. */
export class Port {
	private readonly sockets = new Set<Socket>();
	private readonly busy = new Set<Socket>();

	/** @param number the port; 0 until the first `open()` finds a free one */
	constructor(
		private readonly server: Server,
		private readonly host: string,
		public number: number,
	) {
		server.on('connection', (socket: Socket) => {
			this.sockets.add(socket);
			socket.once('close', () => this.sockets.delete(socket));
		});
		server.on('request', ({ socket }, response) => {
			this.busy.add(socket);
			response.once('close', () => this.busy.delete(socket));
		});
	}

	/** Listens, on the same port each time. */
	async open(): Promise<void> {
		if (this.server.listening) return;
		this.server.listen(this.number, this.host);
		await once(this.server, 'listening');
		this.number = (this.server.address() as AddressInfo).port;
	}

	/**
	 * Cuts connections with a request in flight, and waits until clients have closed the idle ones
	 * as well: no pooled connection is left over whose failure would look like a dropped request.
	 */
	async refuse(): Promise<void> {
		if (!this.server.listening) return;
		const idle = [...this.sockets].filter((socket) => !this.busy.has(socket));
		for (const socket of this.busy) socket.destroy();
		await Promise.all(idle.map(endIdle));
		await this.close();
	}

	/** Closes the port and every connection at once. */
	async close(): Promise<void> {
		if (!this.server.listening) return;
		const closed = once(this.server, 'close');
		this.server.close();
		for (const socket of this.sockets) socket.destroy();
		await closed;
	}
}

async function endIdle(socket: Socket): Promise<void> {
	const closed = once(socket, 'close');
	const impatience = setTimeout(() => socket.destroy(), PATIENCE);
	socket.end();
	await closed.finally(() => clearTimeout(impatience));
}
