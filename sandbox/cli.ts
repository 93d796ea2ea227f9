import { parseArgs } from 'node:util';
import { startSandbox, type IdempotencyKeys, type RecordedRequest } from './index';

const usage = `A local PostPress for trying things out; nobody on LinkedIn is touched.

  --port <number>            port to listen on (default 4010)
  --latency <milliseconds>   wait before each answer (default 0)
  --idempotency-keys <what>  honour (default), storeErrors (repeat refusals too) or ignore
  --help                     show this text`;

const treatments: IdempotencyKeys[] = ['honour', 'storeErrors', 'ignore'];

void main();

async function main(): Promise<void> {
	try {
		await run();
	} catch (error) {
		console.error(explain(error as NodeJS.ErrnoException));
		process.exitCode = 1;
	}
}

async function run(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4010' },
			latency: { type: 'string', default: '0' },
			'idempotency-keys': { type: 'string', default: 'honour' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(usage);

	const sandbox = await startSandbox({
		port: wholeNumber('--port', values.port, 65535),
		latencyMs: wholeNumber('--latency', values.latency, 600_000),
		idempotencyKeys: oneOf('--idempotency-keys', values['idempotency-keys'], treatments),
		controlRoutes: true,
		record: false,
		onAnswered: (record) => console.log(line(record)),
	});
	const origin = new URL(sandbox.url).origin;
	console.log(`Base URL   ${sandbox.url}`);
	console.log(`API key    ${sandbox.apiKey}`);
	console.log(`Control    ${origin}/_sandbox/{faults,outage,performed,state,reset}`);
	console.log('Ctrl-C ends it.\n');

	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void sandbox.close());
	}
}

function line(record: RecordedRequest): string {
	const { method, path, action, accountId, answered, arrivedAt, answeredAt } = record;
	const time = new Date(arrivedAt).toISOString().slice(11, 23);
	const took = `${Math.round((answeredAt ?? arrivedAt) - arrivedAt)} ms`;
	const notes = [
		record.replayed && 'replay of an earlier answer',
		record.fault && `fault: ${record.fault}`,
	].filter(Boolean);
	return [time, method, path, action, accountId, '→', answered, took, ...notes.map((n) => `(${n})`)]
		.filter((part) => part !== undefined)
		.join('  ');
}

function wholeNumber(flag: string, text: string, max: number): number {
	const value = /^\d+$/.test(text) ? Number(text) : NaN;
	if (value <= max) return value;
	throw new Error(`${flag} must be a whole number from 0 to ${max}, not "${text}".`);
}

function oneOf<Word extends string>(flag: string, text: string, words: readonly Word[]): Word {
	const word = words.find((known) => known === text);
	if (word) return word;
	throw new Error(`${flag} must be one of ${words.join(', ')}, not "${text}".`);
}

function explain(error: NodeJS.ErrnoException): string {
	if (error.code === 'EADDRINUSE') {
		return `${error.message}\nSomething listens there already. Choose another port with --port.`;
	}
	if (error.code?.startsWith('ERR_PARSE_ARGS')) return `${error.message}\n\n${usage}`;
	return error.message;
}
