/**
 * Holds the example workflows to the rules that somebody who opens them can count on: npm run check:examples.
 * Another folder may stand behind it: npm run check:examples -- <folder>
 */
import fs from 'node:fs';
import path from 'node:path';
import { differences, RULES } from './examples/rules';
import type { Example } from './examples/workflow';

const [folder = path.join(__dirname, '../examples')] = process.argv.slice(2);
const examples = fs
	.readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file) => {
		const text = fs.readFileSync(path.join(folder, file), 'utf8');
		return { file, example: JSON.parse(text) as Example };
	});
const findings = examples.flatMap(({ file, example }) =>
	RULES.flatMap((rule) => rule(example)).map((finding) => `${file}: ${finding}`),
);
findings.push(
	...differences(
		examples.filter(({ example }) => example.nodes.some(({ name }) => name === 'Settle')),
	),
);
for (const finding of findings) console.error(finding);
console.log(`${examples.length} examples, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
