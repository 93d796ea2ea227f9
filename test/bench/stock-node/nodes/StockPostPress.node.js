'use strict';

const { operationChoices } = require('./operations');
const { fields } = require('./fields');

/**
 * The same five operations, written as n8n's documentation of declarative nodes does it: `routing` on
 * each parameter, expressions in the address and in the credential. Each parameter stands once, though
 * many nodes repeat it for every operation: this is the cheap kind of a stock node.
 */
exports.StockPostPress = class StockPostPress {
	description = {
		displayName: 'Stock PostPress',
		name: 'stockPostPress',
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'What the PostPress node is compared with',
		defaults: { name: 'Stock PostPress' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'stockPostPressApi', required: true }],
		requestDefaults: {
			baseURL: '={{$credentials.baseUrl}}',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
		},
		properties: [...operationChoices, ...fields],
	};
};
