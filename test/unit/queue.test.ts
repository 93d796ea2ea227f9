import { readFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue } from '../../nodes/PostPress/errors/catalogue';

interface Assignment {
	name: string;
	value: string;
}

interface Workflow {
	nodes: Array<{ name: string; parameters: { assignments?: { assignments: Assignment[] } } }>;
}

test('the queue pauses an account after exactly the errors after which the node stops it', () => {
	const file = path.join(__dirname, '..', '..', 'examples', 'queue.json');
	const { nodes } = JSON.parse(readFileSync(file, 'utf8')) as Workflow;
	const node = nodes.find(({ name }) => name === 'What became of it');
	const fields = node?.parameters.assignments?.assignments;
	const expression = fields?.find(({ name }) => name === 'stopped')?.value ?? '';
	const listed = [...expression.matchAll(/'(\w+)'/g)].map(([, type]) => type);
	const stopping = Object.entries(catalogue).filter(([, { stopsAccount }]) => stopsAccount);
	// The node's own `account_stopped` is none of them: with one person of an account at a time, nobody is sent after
	// one of the others, so it says that PostPress asks to wait, and that ends by itself.
	expect(listed.sort()).toEqual(stopping.map(([type]) => type).sort());
});
