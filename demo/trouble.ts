import { people, startSandbox, type Sandbox, type SandboxOptions } from '../sandbox';

/**
 * Starts the PostPress of the demo. It knows the people, projects and lists of the example workflow,
 * has one of its leads saved already, and fails some requests as the real one might.
 */
export async function startTroubledSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const sandbox = await startSandbox({
		strictAccounts: true,
		strictProjects: true,
		strictPeople: true,
		...options,
	});
	// Not available, once.
	sandbox.fail({ kind: 'apiError', type: 'service_unavailable' }, { userId: idOf('Fernández') });
	// Done, but the connection is lost before the answer: the second try gets that answer.
	sandbox.fail({ kind: 'drop', when: 'after' }, { userId: idOf('Raghunathan') });
	// The same, and each further try is lost as well: the node cannot know.
	sandbox.fail({ kind: 'drop', when: 'after' }, { userId: idOf('Petrov'), times: 'always' });
	return sandbox;
}

function idOf(lastName: string): string {
	const id = people.find((person) => person.lastName === lastName)?.ids.recruiter;
	if (!id) throw new Error(`The sandbox knows nobody called ${lastName}`);
	return id;
}
