import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

import type { RecordedRequest, Sandbox } from '../../../sandbox';

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

	const timedOut = new WeakSet<RecordedRequest>();
	const timeOutHanging = (sandbox: Sandbox) => {
		for (const record of sandbox.requests) {
			const { answered, answeredAt, path, idempotencyKey } = record;
			if (answered !== 'hung' || answeredAt !== undefined || timedOut.has(record)) continue;
			const request = openTo(sandbox).find(
				(one) => one.path === path && one.getHeader('Idempotency-Key') === idempotencyKey,
			);
			if (!request) continue;
			// Each once: the next try has the same path and key.
			timedOut.add(record);
			open.delete(request);
			request.emit('timeout');
			// The socket's own timer does this; not every axios does.
			request.destroy();
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
