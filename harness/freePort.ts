import { createServer } from 'node:net';

/**
 * Ports that no system gives away by itself, to a server that takes any or to whoever calls one: they stay free until
 * who has asked for one listens there. Each of Jest's workers has a part of its own.
 */
const LOWEST = 20_000;
const PART = 3_000;
const PARTS = 4;

const first = LOWEST + PART * (Number(process.env.JEST_WORKER_ID ?? 0) % PARTS);
let next = Math.floor(Math.random() * PART);

/** A TCP port on this machine that is free: the wanted one, else any. */
export async function freePort(wanted?: number): Promise<number> {
	if (wanted !== undefined && (await isFree(wanted))) return wanted;
	for (let tries = 0; tries < PART; tries++) {
		const port = first + (next++ % PART);
		if (await isFree(port)) return port;
	}
	throw new Error('This machine has no free TCP port');
}

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
