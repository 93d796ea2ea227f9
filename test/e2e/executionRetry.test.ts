import type { Page } from 'playwright-core';
import { byId } from '../../harness/editor/editor';
import type { SavedExecution, SavedWorkflow, WorkflowFile } from '../../harness/app/rest';
import { addCandidate, chain, node, postPress, webhook } from '../../harness/app/workflows';
import { locator } from '../../harness/locators';
import { startEditorBench } from './support/editorBench';
import { outputOf } from './support/executions';
import { runOf, type Run } from './support/runs';

/** One is performed, Bea is refused, Dana's answer is lost, Elif waits for her turn. */
const [AMARA, BEA, CHIDI, DANA, ELIF] = ['Amara', 'Bea', 'Chidi', 'Dana', 'Elif'].map(
	(name) => `AEMAA${name}`,
);
const PEOPLE = [AMARA, BEA, CHIDI, DANA, ELIF];

const bench = startEditorBench();
let page: Page;

beforeAll(async () => {
	page = await bench.openPage();
});

beforeEach(() => bench.sandbox.reset());

/** Adds the people that a webhook is called with, each in the given stage. */
function batch(path: string, stage: string): WorkflowFile {
	const parameters = addCandidate('', {
		userId: locator('id', '={{ $json.person }}'),
		stage,
		options: { delayBetweenRequests: 0, maxRetries: 0 },
	});
	return chain(path, [
		webhook(path),
		node('One by one', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'body', options: {} }),
		postPress(bench.credential, parameters),
	]);
}

/** A published workflow, and its first execution, which Bea's refusal has ended. */
async function failedBatch(path: string): Promise<{ workflow: SavedWorkflow; first: Run }> {
	const workflow = await bench.rest.createWorkflow(batch(path, 'UNCONTACTED'));
	await bench.rest.publish(workflow);
	bench.sandbox.fail({ kind: 'apiError', type: 'unprocessable_entity' }, { userId: BEA });
	const [, first] = await runOf(bench.rest, workflow.id, () =>
		fetch(`${bench.url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(PEOPLE.map((person) => ({ person }))),
		}),
	);
	expect(first.status).toBe('error');
	expect(asked()).toEqual([AMARA, BEA]);
	return { workflow, first };
}

/** As the editor's button does it. @param loadWorkflow with the currently saved workflow, or the original one */
const retry = (id: string, loadWorkflow: boolean) =>
	bench.rest.post<SavedExecution>(`executions/${id}/retry`, { loadWorkflow });

/** Who has been asked for, in order. */
const asked = () => bench.sandbox.requests.map(({ userId }) => userId);

const requestsFor = (person: string) =>
	bench.sandbox.requests.filter(({ userId }) => userId === person);

async function outputOfRetry({ id }: Pick<SavedExecution, 'id'>) {
	return outputOf(await bench.rest.execution(id), 'PostPress').map(({ json }) => json);
}

const stages = () =>
	bench.sandbox.performed.map(({ body }) => (body as unknown as { stage: string }).stage);

describe.each([
	['original', false],
	['currently saved', true],
])('Executions > Retry with the %s workflow', (_, loadWorkflow) => {
	test('sends nobody again who was performed, asks in doubt under the same key, and goes on', async () => {
		const { workflow, first } = await failedBatch(`retry-${loadWorkflow}`);
		await bench.rest.changeWorkflow(workflow.id, batch(workflow.name, 'REPLIED'));

		bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: DANA });
		const second = await retry(first.id, loadWorkflow);
		expect(second).toMatchObject({ status: 'error', retryOf: first.id });
		expect(asked().slice(2)).toEqual([BEA, CHIDI, DANA]);

		// What is in doubt stays what it was, even if the workflow asks for something else by then.
		await bench.rest.changeWorkflow(workflow.id, batch(workflow.name, 'CONTACTED'));
		const third = await retry(second.id, loadWorkflow);
		expect(third).toMatchObject({ status: 'success', retryOf: second.id });
		expect(asked().slice(5)).toEqual([DANA, ELIF]);

		expect(bench.sandbox.performed.map(({ userId }) => userId)).toEqual(PEOPLE);
		expect(stages()).toEqual(
			loadWorkflow
				? ['UNCONTACTED', 'REPLIED', 'REPLIED', 'REPLIED', 'CONTACTED']
				: PEOPLE.map(() => 'UNCONTACTED'),
		);
		const [lost, again] = requestsFor(DANA);
		expect(again.idempotencyKey).toBe(lost.idempotencyKey);
		expect(again.rawBody).toBe(lost.rawBody);
		expect(again.replayed).toBe(true);
		// A refusal is an answer: under the same key it might come again.
		const keysOfBea = requestsFor(BEA).map(({ idempotencyKey }) => idempotencyKey);
		expect(new Set(keysOfBea).size).toBe(2);

		expect(await outputOfRetry(third)).toMatchObject(
			PEOPLE.map((user_id, index) => ({ outcome: 'performed', user_id, stage: stages()[index] })),
		);
	});
});

test('the button of the editor does the same', async () => {
	const { workflow, first } = await failedBatch('retry-button');
	await page.goto(`${bench.url}/workflow/${workflow.id}/executions/${first.id}`);
	const [, retried] = await runOf(bench.rest, workflow.id, async () => {
		await byId(page, 'execution-preview-retry-button').click();
		await page.getByText('Retry with original workflow').click();
	});
	expect(retried).toMatchObject({ status: 'success' });
	expect(asked()).toEqual([AMARA, BEA, ...PEOPLE.slice(1)]);
	expect(retried.output('PostPress').map(({ user_id }) => user_id)).toEqual(PEOPLE);
	expect(bench.sandbox.performed.map(({ userId }) => userId)).toEqual(PEOPLE);
});
