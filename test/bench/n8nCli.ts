import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';

import { root } from '../../harness/install/folders';
import { freePort } from '../../harness/freePort';
import { n8nBinary } from '../../harness/install/installN8n';
import { packAndInstall } from '../../harness/install/installNode';
import { environmentOf } from '../../harness/app/settings';
import type { WorkflowJson } from '../../harness/engine';
import { MEASURED, type Contender } from './contenders';
import type { Cost } from './measure';
import type { PostPress } from './postPress';

const END_WITH_PARENT = path.join(root, 'harness', 'app', 'endWithParent.js');
const REPORT_SELF = path.join(__dirname, 'reportSelf.js');
const preload = (...files: string[]) => files.flatMap((file) => ['--require', file]);

/** How often a run is tried. */
const TRIES = 3;

/** The command line of a real n8n with a user folder of its own. */
export class N8nCli {
	private workflows = 0;

	private constructor(
		private readonly folder: string,
		private readonly userFolder: string,
		private readonly env: NodeJS.ProcessEnv,
	) {}

	/**
	 * Makes a user folder in which both community nodes are installed.
	 * @param folder where n8n is installed
	 */
	static async create(folder: string, userFolder: string): Promise<N8nCli> {
		await packAndInstall(userFolder);
		const packages = path.join(userFolder, '.n8n', 'nodes', 'node_modules');
		fs.cpSync(
			path.join(__dirname, 'stock-node'),
			path.join(packages, 'n8n-nodes-stock-postpress'),
			{ recursive: true },
		);
		const place = { folder, userFolder, port: await freePort(), brokerPort: await freePort() };
		return new N8nCli(folder, userFolder, environmentOf(place));
	}

	/** Stores the credentials of the contenders for a local PostPress. */
	async saveCredentials(contenders: Contender[], postPress: PostPress): Promise<void> {
		const credentials = contenders.map(({ credential: { type, data } }) => ({
			id: type,
			name: type,
			type,
			data: data(postPress),
		}));
		await this.import('credentials', credentials);
	}

	/** Stores a workflow. @returns its id */
	async saveWorkflow(workflow: WorkflowJson): Promise<string> {
		const id = `bench${++this.workflows}`;
		await this.import('workflow', [{ name: id, active: false, ...workflow, id }]);
		return id;
	}

	/**
	 * Runs a workflow to its end in a new process.
	 * @param flags of node, such as --cpu-prof
	 */
	async execute(id: string, flags: string[] = []): Promise<Cost> {
		for (let tries = 1; ; tries++) {
			try {
				return await this.executeOnce(id, flags);
			} catch (error) {
				if (tries === TRIES) throw error;
			}
		}
	}

	private async executeOnce(id: string, flags: string[]): Promise<Cost> {
		const costFile = path.join(this.userFolder, 'cost.json');
		fs.rmSync(costFile, { force: true });
		const output = await this.run(['execute', `--id=${id}`, '--rawOutput'], {
			flags: [...preload(END_WITH_PARENT, REPORT_SELF), ...flags],
			env: { BENCH_COST_FILE: costFile },
			// Now and then n8n crashes after its work, while it takes its expression engine down.
			accepts: () => fs.existsSync(costFile),
		});
		// n8n greets and warns on the standard output as well, before the data and after it.
		const start = output.indexOf('\n{\n') + 1;
		const end = output.indexOf('\n}', start) + 2;
		if (start < 1 || end < start) {
			throw new Error(`n8n execute has put out no data:\n${output.slice(-2_000)}`);
		}
		const { data } = JSON.parse(output.slice(start, end)) as RawOutput;
		const [run] = data.resultData.runData[MEASURED];
		return {
			...(JSON.parse(fs.readFileSync(costFile, 'utf8')) as Pick<Cost, 'cpu' | 'memory'>),
			wall: run.executionTime,
			items: run.data?.main[0]?.length ?? 0,
		};
	}

	private async import(what: 'credentials' | 'workflow', content: unknown[]): Promise<void> {
		const file = path.join(this.userFolder, `${what}.json`);
		fs.writeFileSync(file, JSON.stringify(content));
		await this.run([`import:${what}`, `--input=${file}`]);
	}

	/** Runs n8n to its end. @returns its standard output, after a line break */
	private async run(args: string[], options: RunOptions = {}): Promise<string> {
		const { flags = [], env = {}, accepts = () => false } = options;
		// Into a file: n8n may crash right after its work, before a pipe has taken the data of thousands of items.
		const log = path.join(this.userFolder, 'output.txt');
		const file = fs.openSync(log, 'w');
		const child = spawn(process.execPath, [...flags, n8nBinary(this.folder), ...args], {
			cwd: this.userFolder,
			env: { ...this.env, ...env },
			stdio: ['ignore', file, 'ignore'],
		});
		fs.closeSync(file);
		const [code] = (await once(child, 'exit')) as [number | null];
		const output = fs.readFileSync(log, 'utf8');
		if (code !== 0 && !accepts()) {
			throw new Error(`n8n ${args.join(' ')} has failed:\n${output.slice(-2_000)}`);
		}
		return `\n${output}`;
	}
}

interface RunOptions {
	/** Of node. */
	flags?: string[];
	env?: NodeJS.ProcessEnv;
	/** Whether a process that has ended with an error has done its work all the same. */
	accepts?: () => boolean;
}

interface RawOutput {
	data: {
		resultData: {
			runData: Record<string, Array<{ executionTime: number; data?: { main: unknown[][] } }>>;
		};
	};
}
