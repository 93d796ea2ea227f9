import { people, startSandbox, type Sandbox, type SandboxOptions } from '../sandbox';

/**
 * Starts the PostPress of the demo. It knows the people, projects and lists of the example workflow,
 * has one of its leads saved already, and fails some requests as the real one might; LinkedIn restricts one of its
 * accounts in the middle.
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
	// The account may not act any more: who comes after is not sent.
	sandbox.fail(
		{ kind: 'apiError', type: 'account_restricted' },
		{ userId: idOf('Haddad', 'sales_navigator') },
	);
	return sandbox;
}

function idOf(lastName: string, product: 'recruiter' | 'sales_navigator' = 'recruiter'): string {
	const id = people.find((person) => person.lastName === lastName)?.ids[product];
	if (!id) throw new Error(`The sandbox knows nobody called ${lastName}`);
	return id;
}
