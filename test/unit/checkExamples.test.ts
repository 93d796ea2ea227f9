import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

interface Node {
	name: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, unknown>;
}
interface Example {
	name: string;
	nodes: Node[];
	connections: Record<string, { main: Array<Array<{ node: string }>> }>;
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'examples-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function check(...args: string[]): { status: number | null; findings: string[] } {
	const script = ['--import', 'tsx', 'scripts/check-examples.ts', ...args];
	const { status, stderr } = spawnSync(process.execPath, script, { cwd: ROOT, encoding: 'utf8' });
	return { status, findings: stderr.trim().split('\n').filter(Boolean) };
}

/** Puts an example there, changed. */
function put(file: string, change: (example: Example) => void = () => {}): void {
	const text = readFileSync(join(ROOT, 'examples', file), 'utf8');
	const example = JSON.parse(text) as Example;
	change(example);
	writeFileSync(join(folder, file), JSON.stringify(example));
}
const nodeOf = ({ nodes }: Example, name: string) => nodes.find((node) => node.name === name)!;

test('the examples are as they should be', () => {
	expect(check()).toEqual({ status: 0, findings: [] });
});

test.each<[says: string, break_: (example: Example) => void]>([
	['its name does not begin with "PostPress: "', (example) => (example.name = 'Ashby')],
	[
		'there is no node "Settled"',
		({ connections }) => (connections.Decide.main[0][0].node = 'Settled'),
	],
	['no wire leads to "Settle"', ({ connections }) => delete connections.Decide],
	['the overview is not yellow', ({ nodes }) => (nodes[0].parameters.color = 4)],
	[
		'the overview has 4 words, not 100 to 300',
		({ nodes }) => (nodes[0].parameters.content = '## How it works'),
	],
	[
		'the overview names a node "Signatur"',
		({ nodes }) =>
			(nodes[0].parameters.content = String(nodes[0].parameters.content).replace(
				'In *Signature*',
				'In *Signatur*',
			)),
	],
	[
		'"Note: is it ashby" has 60 words, not less than 50',
		({ nodes }) => (nodes[1].parameters.content = 'word '.repeat(60).trim()),
	],
	[
		'the notes "Note: overview" and "Note: is it ashby" overlap',
		({ nodes }) => (nodes[1].position[0] -= 120),
	],
	[
		'the nodes "Words" and "Accounts" overlap',
		(example) => (nodeOf(example, 'Words').position[0] += 100),
	],
	[
		'the wire from "Settle" to "One at a time" runs behind "Accounts"',
		(example) => (nodeOf(example, 'Accounts').position[0] -= 60),
	],
	['"Settle" lies half in the note', (example) => (nodeOf(example, 'Settle').position[0] += 120)],
	[
		'fitted at 1440 × 900 it is shown at',
		(example) => (nodeOf(example, 'Doubts').position[0] += 2000),
	],
	[
		'"Signature": n8n-nodes-base.crypto 9 is not known',
		(example) => (nodeOf(example, 'Signature').typeVersion = 9),
	],
	[
		'"Filter" still has the name of its type',
		(example) =>
			example.nodes.push({
				...nodeOf(example, 'Settle'),
				name: 'Filter',
				type: 'n8n-nodes-base.filter',
			} as Node),
	],
	[
		'"acc_linkedin_01" looks valid',
		(example) => (nodeOf(example, 'Decide').parameters.account = 'acc_linkedin_01'),
	],
	[
		'"talent/hire/1483848495" looks valid',
		(example) =>
			(nodeOf(example, 'Decide').parameters.project =
				'https://www.linkedin.com/talent/hire/1483848495'),
	],
	[
		'"Signature" has a credential',
		(example) =>
			(nodeOf(example, 'Signature').credentials = { crypto: { id: 'placeholder', name: 'Mine' } }),
	],
	[
		"it reads n8n's environment",
		(example) => (nodeOf(example, 'Decide').parameters.value = '={{ $env.KEY }}'),
	],
])('%s: is found', (says, break_) => {
	put('ashby.json', break_);
	const { status, findings } = check(folder);
	expect(status).toBe(1);
	expect(findings).toContainEqual(expect.stringContaining(`ashby.json: ${says}`));
});

test('a common node of the intakes that differs in one of them is found', () => {
	put('ashby.json');
	put(
		'lever.json',
		(example) => (nodeOf(example, 'Translate').parameters.includeOtherFields = false),
	);
	expect(check(folder)).toEqual({
		status: 1,
		findings: ['lever.json: "Translate" is not as in ashby.json'],
	});
});
