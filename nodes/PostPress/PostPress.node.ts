import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';

import { deliver } from './delivery/deliver';
import { builderHint, hints } from './fields/hints';
import { searchAccounts, searchHiringProjects, searchLeadLists } from './methods/listSearch';
import { testPostPressApi } from './methods/testCredential';
import { applicant } from './resources/applicant';
import { candidate } from './resources/candidate';
import { lead } from './resources/lead';
import { propertiesOf, subtitleOf } from './resources/operation';
import { transport } from './transport/ask';

/** One operation, one file: its text, its fields and its request stand in resources/<resource>/. */
const resources = [candidate, applicant, lead];

export class PostPress implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'PostPress',
		name: 'postPress',
		icon: { light: 'file:postpress.svg', dark: 'file:postpress.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(resources),
		description: 'Act on people in LinkedIn Recruiter and Sales Navigator',
		defaults: { name: 'PostPress' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// Not `required`: n8n would throw before the node can say of each person that nothing was sent.
		credentials: [{ name: 'postPressApi', testedBy: 'testPostPressApi' }],
		properties: propertiesOf(resources),
		hints,
		builderHint,

		requestDefaults: transport,

		// n8n calls this once an item in place of a plain request: lanes, retries, reports.
		requestOperations: { pagination: deliver },
	};

	methods = {
		credentialTest: { testPostPressApi },
		listSearch: { searchAccounts, searchHiringProjects, searchLeadLists },
	};
}
