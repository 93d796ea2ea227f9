import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

import type { Sandbox } from '../../../sandbox';

/** The requests that this process has under way. */
export interface Outgoing {
	/**
	 * Ends each request that hangs in a sandbox as the timer of its timeout would, until some work is over. So the
	 * timeout itself may be longer than any answer takes on a busy machine.
	 */
	timingOut<T>(work: Promise<T>, sandbox: Sandbox): Promise<T>;
	/** Ends the watching. */
	stop(): void;
}

/** Follows the requests that this process makes from now on. */
export function watchOutgoing(): Outgoing {
	const open = new Set<ClientRequest>();
	const onStart = (message: unknown) => {
		const { request } = message as { request: ClientRequest };
		open.add(request);
		request.once('close', () => open.delete(request));
	};
	subscribe('http.client.request.start', onStart);

	const openTo = ({ port }: Pick<Sandbox, 'port'>) =>
		[...open].filter((request) => request.getHeader('host') === `127.0.0.1:${port}`);

	const timeOutHanging = (sandbox: Sandbox) => {
		const requests = openTo(sandbox);
		if (requests.length === 0) return;
		const hanging = sandbox.requests.filter(
			({ answered, answeredAt }) => answered === 'hung' && answeredAt === undefined,
		);
		for (const { path, idempotencyKey } of hanging) {
			for (const request of requests) {
				const isIt =
					request.path === path && request.getHeader('Idempotency-Key') === idempotencyKey;
				// Once: it stays open for a while.
				if (isIt && open.delete(request)) request.emit('timeout');
			}
		}
	};
	return {
		async timingOut<T>(work: Promise<T>, sandbox: Sandbox): Promise<T> {
			const timer = setInterval(() => timeOutHanging(sandbox), 1);
			return await work.finally(() => clearInterval(timer));
		},
		stop: () => unsubscribe('http.client.request.start', onStart),
	};
}
