import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { contract } from '../sandbox/contract';
import { catalogue, nameOf } from '../nodes/PostPress/errors/catalogue';

const FILE = join(__dirname, '../docs/errors.md');

const TITLES: Readonly<Record<number, string>> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	422: 'Unprocessable Entity',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

const RETRIES = { yes: 'yes', once: 'once', no: 'no' };

/**
 * The page of all error types: what PostPress says, from the contract of the sandbox, and what to do,
 * from the catalogue of the node.
 *
 * @returns Markdown
 */
function errorsPage(): string {
	const statuses = [...new Set(contract['x-errors'].map(({ status }) => status))].sort();
	const sections = statuses.map((status) => {
		const rows = contract['x-errors']
			.filter((error) => error.status === status)
			.map(({ type, description }) => {
				const { remedy, retry, parameter = '', stopsAccount } = catalogue[nameOf(type)];
				const stops = stopsAccount ? 'yes' : '';
				return `| \`${type}\` | ${description} | ${remedy} | ${parameter} | ${RETRIES[retry]} | ${stops} |`;
			});
		return [
			`## ${status} ${TITLES[status]}`,
			'',
			'| Type | What it means | What to do | Parameter | Tried again | Stops the account |',
			'| --- | --- | --- | --- | --- | --- |',
			...rows,
		].join('\n');
	});
	return `${[INTRODUCTION, ...sections, CLIENT_ERRORS].join('\n\n')}\n`;
}

const INTRODUCTION = `# Errors

Every failed item says what happened, to whom, how to get unstuck, the error type, and PostPress's request ID.
Look the type up here. The frequent ones, and what to do with a whole list: [When something is refused](when-something-is-refused.md).

- **Tried again**: whether the node sends the request again by itself (option "Max Retries"). A 500 is tried
  again once at most, because it may mean that LinkedIn's limit for the account is reached.
- **Stops the account**: the error says that the account cannot act. The rest of its people are not sent in this
  run (\`client/account_stopped\`); other accounts go on. A \`Retry-After\` of more than five minutes does the same,
  until it is over.

Wherever the outcome is \`unknown\`, look at the person on LinkedIn before you run the item again.

This page is made from the catalogue of the node: \`npx tsx scripts/errors-page.ts\`.`;

const CLIENT_ERRORS = `## On this side of the network

| Type | What it means | What to do | Tried again |
| --- | --- | --- | --- |
| \`client/validation\` | A value cannot be sent as it is, or the credential cannot be used; the message names it. Nothing was sent. | Correct the parameter, most often an expression, or the credential. | no |
| \`client/network\` | PostPress could not be reached (outcome \`not_sent\`), or the connection broke before the answer came (outcome \`unknown\`). | Check the Base URL and the network of n8n. | yes |
| \`client/timeout\` | No answer came in time. The action may have been performed. | Raise the timeout under "Request Options". | yes |
| \`client/unreadable_response\` | Something answered, but not in PostPress's form: a gateway's page, half a document, a wrong address. | The message tells; a status of 404 means that the Base URL is wrong. | by status |
| \`client/account_stopped\` | The account was stopped before the turn of this item, or PostPress asks to wait for long. | The message tells. Run the item again when the account can act. | no |
| \`client/not_sent\` | The item had no turn: the execution was stopped, another item failed, PostPress did not answer, or failed, for three people in a row, or (as a tool) the account is busy. | The message tells. Run it again when you are ready. | no |`;

if (process.argv.includes('--print')) process.stdout.write(errorsPage());
else writeFileSync(FILE, errorsPage());
