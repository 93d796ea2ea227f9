import { fork } from 'node:child_process';
import { once } from 'node:events';

import { startSandbox, type SandboxOptions } from '../../sandbox';

/** What a local PostPress has seen since the last question. */
export interface Seen {
	performed: number;
	requests: number;
	/** The greatest number of requests in flight at once. */
	inFlight: number;
}

/** A local PostPress in a process of its own, so that its CPU time is not n8n's. */
export interface PostPress {
	url: string;
	apiKey: string;
	/** Tells what happened, and forgets it. */
	seen(): Promise<Seen>;
	stop(): void;
}

/** Starts a local PostPress. @param latencyMs wait before each answer */
export async function startPostPress(latencyMs = 0): Promise<PostPress> {
	const child = fork(__filename, [JSON.stringify({ latencyMs })]);
	const answer = async <Answer>() => ((await once(child, 'message')) as [Answer])[0];
	return {
		...(await answer<{ url: string; apiKey: string }>()),
		async seen() {
			child.send('seen?');
			return await answer<Seen>();
		},
		stop: () => child.disconnect(),
	};
}

async function serve(options: SandboxOptions): Promise<void> {
	const sandbox = await startSandbox({ ...options, record: false });
	process.on('message', () => {
		const { performed, requestCount: requests } = sandbox;
		const seen: Seen = {
			performed: performed.length,
			requests,
			inFlight: sandbox.maxInFlight(),
		};
		sandbox.reset();
		process.send?.(seen);
	});
	process.once('disconnect', () => void sandbox.close());
	process.send?.({ url: sandbox.url, apiKey: sandbox.apiKey });
}

if (require.main === module) void serve(JSON.parse(process.argv[2]) as SandboxOptions);
