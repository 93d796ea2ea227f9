import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';

import { transport } from './transport/ask';
import { deliver } from './delivery/deliver';
import { optionsProperty } from './fields/options';
import { searchAccounts, searchHiringProjects, searchLeadLists } from './methods/listSearch';
import { testPostPressApi } from './methods/testCredential';
import { applicant } from './resources/applicant';
import { candidate } from './resources/candidate';
import { lead } from './resources/lead';
import { propertiesOf } from './resources/operation';

export class PostPress implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'PostPress',
		name: 'postPress',
		icon: { light: 'file:postpress.svg', dark: 'file:postpress.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Act on people in LinkedIn Recruiter and Sales Navigator',
		defaults: { name: 'PostPress' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'postPressApi', required: true, testedBy: 'testPostPressApi' }],

		// One operation, one file: its text, its fields and its request stand in resources/<resource>/.
		properties: [...propertiesOf([candidate, applicant, lead]), optionsProperty],

		requestDefaults: transport,

		// n8n calls this once an item in place of a plain request: lanes, retries, reports.
		requestOperations: { pagination: deliver },
	};

	methods = {
		credentialTest: { testPostPressApi },
		listSearch: { searchAccounts, searchHiringProjects, searchLeadLists },
	};
}
