import { benchWorkflow, people, type Contender } from './contenders';
import type { Bench, Cost, Job } from './measure';
import { N8nCli } from './n8nCli';
import type { PostPress } from './postPress';

/**
 * The real n8n: a new process for every run, as the command line starts it.
 *
 * @param n8nFolder where n8n is installed
 * @param userFolder for its database and the installed nodes
 */
export async function startRealBench(
	n8nFolder: string,
	userFolder: string,
	contenders: Contender[],
): Promise<Bench> {
	const cli = await N8nCli.create(n8nFolder, userFolder);
	const workflows = new Map<string, string>();
	let credentialsFor: PostPress | undefined;

	const workflowOf = async (job: Job, disabled: boolean): Promise<string> => {
		const { contender, postPress, items, accounts } = job;
		const key = JSON.stringify([contender.name, postPress.url, items, accounts, disabled]);
		const known = workflows.get(key);
		if (known !== undefined) return known;
		const workflow = benchWorkflow({
			contender,
			postPress,
			items: people(items, accounts),
			disabled,
		});
		const id = await cli.saveWorkflow(workflow);
		workflows.set(key, id);
		return id;
	};

	return {
		async run(job: Job, disabled: boolean): Promise<Cost> {
			if (credentialsFor !== job.postPress) {
				credentialsFor = job.postPress;
				await cli.saveCredentials(contenders, job.postPress);
			}
			return await cli.execute(await workflowOf(job, disabled));
		},
		async close() {},
	};
}
