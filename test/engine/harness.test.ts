import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import type { Engine } from '../../harness/engine';
import { testFailingTool, testRefusedStart, testSince } from './support/versions';
import { byId } from './support/parameters';
import {
	agentOutput,
	failed,
	itemsWorkflow,
	NODES,
	performed,
	startEngine,
	toolWorkflow,
} from '../../harness/engine';

const API_KEY = 'key-of-the-probe';

interface Request {
	method?: string;
	url?: string;
	headers: IncomingHttpHeaders;
	body: { text?: string };
}

let server: Server;
let requests: Request[];
let engine: Engine;

/** A workflow on the probe, a small declarative node that reports what the engine gives to it. */
const probe = {
	nodeType: 'n8n-nodes-probe.probe',
	credentials: { probeApi: { id: 'probeApi', name: 'probeApi' } },
	parameters: { text: '={{ $json.text }}' },
};

const plain = { ...probe, parameters: { text: 'plain' } };

beforeAll(async () => {
	server = createServer((request, response) => {
		void json(request).then((body) => {
			const { method, url, headers } = request;
			const { text } = body as Request['body'];
			requests.push({ method, url, headers, body: { text } });
			response.writeHead(text === 'bad' ? 422 : 200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(text === 'bad' ? { detail: 'Too bad' } : { echo: text }));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	engine = await startEngine({
		packageDir: join(__dirname, 'fixture'),
		credentials: { probeApi: { apiKey: API_KEY, baseUrl: `http://127.0.0.1:${port}` } },
		timezone: 'Europe/Helsinki',
	});
});

beforeEach(() => {
	requests = [];
});

afterAll(async () => {
	await engine.stop();
	server.close();
});

describe('a run', () => {
	it('sends real requests and returns the outputs of every node', async () => {
		const result = await engine.run(
			itemsWorkflow({ ...probe, items: [{ text: 'one' }, { text: 'two' }] }),
		);
		expect(result.status).toBe('success');
		expect(result.error).toBeUndefined();
		expect(performed(result)).toStrictEqual([
			{ json: expect.objectContaining({ echo: 'one', itemIndex: 0 }), pairedItem: { item: 0 } },
			{ json: expect.objectContaining({ echo: 'two', itemIndex: 1 }), pairedItem: { item: 1 } },
		]);
		expect(result.json(NODES.performed)).toEqual(result.json(NODES.node));
		expect(requests.map(({ method, url, body }) => [method, url, body.text])).toEqual([
			['POST', '/probe', 'one'],
			['POST', '/probe', 'two'],
		]);
		expect(() => result.outputs('Nobody')).toThrow('The workflow has no node "Nobody"');
	});

	it('applies the stored credential, and finds what n8n would store or log', async () => {
		const result = await engine.run(itemsWorkflow({ ...probe, items: [{ text: 'findable' }] }));
		expect(requests[0].headers['x-api-key']).toBe(API_KEY);
		expect(result.find(API_KEY)).toEqual([]);
		expect(result.find('findable')).not.toEqual([]);
		expect(result.find('Probing')).toEqual([expect.stringMatching(/^result\.logs\.\d+$/)]);
	});

	testSince('2.36.0', 'has another')(
		'uses the expression engine that n8n uses by default',
		async () => {
			expect(engine.expressionEngine).toBe('vm');
			const parameters = { text: '={{ [$json.text, $runIndex, $execution.mode].join() }}' };
			const workflow = itemsWorkflow({ ...probe, parameters, items: [{ text: 'one' }] });
			expect((await engine.run(workflow)).json(NODES.node)).toMatchObject([{ echo: 'one,0,test' }]);
		},
	);

	it('has the timezone of the workflow, else of the instance', async () => {
		const parameters = { text: '={{ $now.zoneName }}' };
		const timezones = async (settings?: { timezone: string }) => {
			const result = await engine.run(itemsWorkflow({ ...probe, parameters, settings }));
			const [{ echo, timezone }] = result.json(NODES.node);
			return [echo, timezone];
		};
		expect(await timezones({ timezone: 'Asia/Tokyo' })).toEqual(['Asia/Tokyo', 'Asia/Tokyo']);
		expect(await timezones()).toEqual(['Europe/Helsinki', 'Europe/Helsinki']);
	});

	it('has an id of its own, or none', async () => {
		const workflow = itemsWorkflow(plain);
		const results = await Promise.all([engine.run(workflow), engine.run(workflow)]);
		const ids = results.map((result) => result.json(NODES.node)[0].executionId);
		expect(ids).toEqual(results.map(({ executionId }) => executionId));
		expect(new Set(ids).size).toBe(2);
		const anonymous = await engine.run(workflow, { executionId: undefined });
		expect(anonymous.json(NODES.node)).toMatchObject([
			{ executionId: null, instanceId: engine.instanceId },
		]);
	});

	it('can start as an active workflow does', async () => {
		const items = [{ text: 'one' }, { text: 'two' }];
		const parameters = { text: '={{ $execution.mode }}' };
		const workflow = itemsWorkflow({ ...probe, parameters, items });
		const result = await engine.run(workflow, { mode: 'trigger' });
		expect(result.json(NODES.node)).toMatchObject([{ echo: 'production' }, { echo: 'production' }]);
	});

	it('reports nodes and items as they finish', async () => {
		const events: string[] = [];
		await engine.run(itemsWorkflow({ ...probe, items: [{ text: 'one' }] }), {
			onNode: ({ node, run }) => events.push(`${node} ${run?.executionStatus ?? 'starts'}`),
			onItem: ({ node, output, index, item }) =>
				events.push(`${node} ${output}.${index} ${item.json.echo ?? item.json.text}`),
		});
		expect(events.slice(0, 6)).toEqual([
			'Trigger starts',
			'Trigger success',
			'Trigger 0.0 one',
			'PostPress starts',
			'PostPress success',
			'PostPress 0.0 one',
		]);
	});

	it('finds a credential by its name, and says when there is none', async () => {
		const named = (name: string) =>
			itemsWorkflow({ ...probe, credentials: { probeApi: { id: null, name } } });
		expect((await engine.run(named('probeApi'))).status).toBe('success');
		const { error, status } = await engine.run(named('another'));
		expect([status, error?.message]).toEqual(['error', 'Found credential with no ID.']);
	});

	it('takes other credentials for one run', async () => {
		const stored = itemsWorkflow(plain);
		const data = { apiKey: 'another key', baseUrl: 'http://127.0.0.1:1' };
		const result = await engine.run(stored, { credentials: { probeApi: data } });
		expect(result.error?.message).toMatch(/refused/);
		expect((await engine.run(stored)).status).toBe('success');
	});

	it('serves pinned data for nodes of other packages, and refuses unknown ones', async () => {
		const workflow = itemsWorkflow(plain);
		workflow.nodes[0].type = 'n8n-nodes-base.postgresTrigger';
		expect((await engine.run(workflow)).status).toBe('success');
		await expect(engine.run({ ...workflow, pinData: {} })).rejects.toThrow(
			'Unrecognized node type: n8n-nodes-base.postgresTrigger',
		);
	});
});

describe('a failure', () => {
	const items = [{ text: 'one' }, { text: 'bad' }];

	it('ends the execution with the error as n8n stores it', async () => {
		const result = await engine.run(itemsWorkflow({ ...probe, items }));
		expect(result.status).toBe('error');
		expect(result.error).toMatchObject({
			name: 'NodeApiError',
			message: 'Too bad',
			httpCode: '422',
			context: { itemIndex: 1 },
		});
		expect(result.outputs(NODES.node)).toEqual([]);
	});

	testRefusedStart('may be that n8n refuses to start the workflow', async () => {
		const result = await engine.run(itemsWorkflow({ ...probe, parameters: { text: '' } }));
		expect(result.status).toBe('error');
		expect(result.error?.message).toMatch('Parameter "Text" is required.');
		expect(result.runData).toEqual({});
	});

	it('goes to the error output', async () => {
		const onError = 'continueErrorOutput';
		const result = await engine.run(itemsWorkflow({ ...probe, items, onError }));
		expect(result.status).toBe('success');
		expect(performed(result)).toHaveLength(1);
		expect(failed(result)).toMatchObject([{ json: { error: 'Too bad' } }]);
		expect(result.json(NODES.failed)).toEqual(failed(result).map((item) => item.json));
	});
});

describe('stopping', () => {
	const pause = 60_000;
	const slow = itemsWorkflow({ ...probe, parameters: { text: 'slow', pause } });

	it('reaches the node through its cancel signal', async () => {
		const quick = await engine.run(itemsWorkflow(plain));
		expect(quick.json(NODES.node)).toMatchObject([{ cancellable: true }]);
		const { cancel, finished } = engine.start(slow, {
			onNode: ({ node }) => {
				if (node === NODES.node) setTimeout(cancel, 50);
			},
		});
		const result = await finished;
		expect(result.status).toBe('canceled');
		expect(result.duration).toBeLessThan(pause);
		expect(requests).toHaveLength(1);
	});

	it('also works by signal, and before the start', async () => {
		const { status } = await engine.run(slow, { signal: AbortSignal.timeout(50) });
		expect(status).toBe('canceled');
		const result = await engine.run(slow, { signal: AbortSignal.abort() });
		expect(result.status).toBe('canceled');
		expect(requests).toEqual([]);
	});
});

describe.each(['engine', 'supplyData'] as const)('a tool, called by way of %s', (via) => {
	testFailingTool(via)('gets the arguments of the model and answers it', async () => {
		const parameters = { text: "={{ $fromAI('text', 'What to send', 'string') }}" };
		const calls = [{ text: 'one' }, [{ text: 'two' }, { text: 'bad' }]];
		const result = await engine.run(toolWorkflow({ ...probe, parameters, via, calls }));
		expect(result.status).toBe('success');
		const { tools, observations } = agentOutput(result);
		expect(tools).toMatchObject([
			{
				name: 'PostPress',
				description: 'send person in Probe',
				schema: { properties: { text: { type: 'string', description: 'What to send' } } },
			},
		]);
		expect(observations).toEqual([
			expect.stringContaining('one'),
			expect.stringContaining('two'),
			expect.stringContaining('Too bad'),
		]);
		expect(requests.map(({ body }) => body.text)).toEqual(['one', 'two', 'bad']);
		expect(result.runData[NODES.node]).toHaveLength(3);
	});
});

describe('the package', () => {
	it('is this one by default, as built', async () => {
		const built = await startEngine({
			credentials: { postPressApi: { apiKey: API_KEY } },
		});
		const result = await built.run(
			itemsWorkflow({
				parameters: {
					resource: 'lead',
					operation: 'save',
					accountId: byId('acc_1'),
					leadUserId: byId('={{ $json.lead }}'),
					previewOnly: true,
				},
				items: [{ lead: 'ACwAAA1' }],
			}),
		);
		await built.stop();
		expect(result.error).toBeUndefined();
		expect(result.json(NODES.node)).toMatchObject([
			{ preview: true, outcome: 'not_sent', method: 'POST' },
		]);
	});

	it('must be built', async () => {
		const packageDir = mkdtempSync(join(tmpdir(), 'not-built-'));
		const manifest = { name: 'n8n-nodes-x', n8n: { nodes: ['dist/X.node.js'] } };
		writeFileSync(join(packageDir, 'package.json'), JSON.stringify(manifest));
		const start = startEngine({ packageDir }).finally(() =>
			rmSync(packageDir, { recursive: true }),
		);
		await expect(start).rejects.toThrow('is not built: dist/X.node.js is missing');
	});
});
