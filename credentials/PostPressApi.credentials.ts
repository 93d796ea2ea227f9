import type { IAuthenticate, ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

export class PostPressApi implements ICredentialType {
	name = 'postPressApi';

	displayName = 'PostPress API';

	icon: Icon = {
		light: 'file:../nodes/PostPress/postpress.svg',
		dark: 'file:../nodes/PostPress/postpress.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-postpress/n8n-nodes-postpress#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. pp_live_...',
			description:
				'The API key from your PostPress dashboard. Keys that begin with pp_live_ act on real LinkedIn accounts.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://api.postpress.ai/v1',
			placeholder: 'e.g. https://api.postpress.ai/v1',
			description: 'The address of the API, as your PostPress dashboard shows it',
		},
	];

	/**
	 * A function, not a template with expressions: n8n evaluates a template again for every request.
	 * A pasted key often carries a line break, which no HTTP header may hold.
	 */
	authenticate: IAuthenticate = async (credentials, requestOptions) => ({
		...requestOptions,
		headers: { ...requestOptions.headers, 'X-API-KEY': String(credentials.apiKey).trim() },
	});
}
