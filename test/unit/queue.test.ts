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
	// The first one is the node's own: nothing was sent because of an earlier one of the others.
	expect(listed.sort()).toEqual(['account_stopped', ...stopping.map(([type]) => type)].sort());
});
