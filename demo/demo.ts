/**
 * Runs the example workflow on n8n's engine against a local PostPress, first as a preview; shows what becomes
 * of each person, and compares it with what the local PostPress has done. Exit code 1 if the two disagree.
 */
import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import { Listr } from 'listr2';
import type { Sandbox } from '../sandbox';
import { startEngine, type Engine, type RunResult } from '../harness/engine';
import { asPreview, CREDENTIAL, EXAMPLE, readBatch, withWaits, type Batch } from './batch';
import { audit, readLedger, readPreview, type Entry, type State } from './ledger';
import { Progress, type Display } from './progress';
import { ledgerTable, previewLines, remedies, reportWidth } from './report';
import { startTroubledSandbox } from './trouble';

/** Seconds. The workflow has the waiting times of every day: about a minute between two requests. */
const WAITS = { delayBetweenRequests: 0.1, retryWait: 0.3 };

/** Milliseconds that the local PostPress takes to answer. */
const LATENCY = 80;

const SHOW_CURSOR = '\u001B[?25h';

/** What the tasks set up. */
interface Demo {
	sandbox: Sandbox;
	engine: Engine;
	preview: RunResult;
	/** How many requests the local PostPress had got when the preview was over. */
	sentByPreview: number;
	running: Promise<RunResult>;
}

async function main(): Promise<void> {
	const batch = withWaits(readBatch(), WAITS);
	const { sandbox, engine, preview, sentByPreview, running } = await run(batch);
	const result = await running;
	const entries = readLedger(batch, result, sandbox, engine);
	const problems = audit(entries, sandbox);
	if (result.status !== 'success') {
		problems.push(`The workflow ended with "${result.status}": ${result.error?.message}`);
	}
	if (sentByPreview > 0) problems.push(`The preview has sent ${sentByPreview} requests.`);
	console.log(`
${heading('What the preview says; nothing is sent')}
${previewLines(readPreview(batch, preview), reportWidth())}`);
	report(batch, entries, sandbox, problems);
	await engine.stop();
	await sandbox.close();
	if (problems.length > 0) process.exitCode = 1;
}

/** Runs the batch, with a line for each PostPress node; without a terminal, for each event. */
async function run(batch: Batch): Promise<Demo> {
	const progress = new Progress(batch.steps);
	const { onAnswered, onNode } = progress;
	const tasks = new Listr<Demo>(
		[
			{
				title: 'Starting a local PostPress',
				async task(demo, task) {
					// The display hides the cursor, and whoever presses Ctrl-C would not get it back.
					if (process.stdout.isTTY) writeSync(process.stdout.fd, SHOW_CURSOR);
					demo.sandbox = await startTroubledSandbox({ latencyMs: LATENCY, onAnswered });
					task.title = `A local PostPress listens at ${demo.sandbox.url}; it will fail now and then`;
				},
			},
			{
				title: "Starting n8n's engine",
				async task(demo, task) {
					const { apiKey, url: baseUrl } = demo.sandbox;
					const data = { apiKey, baseUrl };
					demo.engine = await startEngine({ credentials: [{ ...CREDENTIAL, data }] });
					task.title = "n8n's engine has loaded the node from dist/";
				},
			},
			{
				title: `Previewing ${EXAMPLE}`,
				async task(demo) {
					demo.preview = await demo.engine.run(asPreview(batch).workflow);
					demo.sentByPreview = demo.sandbox.requestCount;
				},
			},
			{
				title: `Running ${EXAMPLE}, with ${WAITS.delayBetweenRequests} s between two people in place of a minute`,
				task(demo, task) {
					demo.running = demo.engine.run(batch.workflow, { onNode });
					void demo.running.catch(() => undefined).then(() => progress.stop());
					return task.newListr(
						progress.rows.map((row) => ({
							title: `${row.step.node} (${row.step.people.length})`,
							task: async (_: Demo, display: Display) => await row.show(display),
						})),
					);
				},
			},
		],
		{ registerSignalListeners: false, rendererOptions: { collapseSubtasks: false } },
	);
	return await tasks.run({} as Demo);
}

function report(batch: Batch, entries: Entry[], sandbox: Sandbox, problems: string[]): void {
	const width = reportWidth();
	const inState = (state: State) => entries.filter((entry) => entry.state === state);
	const unknown = inState('unknown');
	const doneUnknown = unknown.filter(({ performed }) => performed.length > 0);
	console.log(`
${ledgerTable(entries, batch, width)}

${heading('To look at, as the error output of the nodes says')}
${remedies(entries, width)}

${heading('What the local PostPress says')}
It performed ${sandbox.performed.length} actions: ${inState('performed').length} that the table calls performed, ${doneUnknown.length} that it calls unknown.`);
	for (const { person, performed } of unknown) {
		const fact = performed.length > 0 ? 'was performed' : 'was not performed';
		console.log(`${person.name}: unknown in the table; the local PostPress says that it ${fact}.`);
	}
	if (problems.length === 0) {
		console.log(styleText('green', 'Nothing was performed twice, and n8n and PostPress agree.'));
		return;
	}
	console.log(styleText('red', 'n8n and PostPress do not agree:'));
	for (const problem of problems) console.log(`  ${problem}`);
}

const heading = (text: string) => styleText('bold', text);

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
