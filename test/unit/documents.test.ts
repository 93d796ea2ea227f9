import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { homepage, scripts } from '../../package.json';

const root = path.join(__dirname, '../..');

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Files of the repository, those that are not committed yet included. */
const filesOf = (...patterns: string[]) =>
	execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...patterns], { cwd: root })
		.toString()
		.split('\n')
		.filter((file) => file !== '' && existsSync(path.join(root, file)));

const pages = filesOf('*.md');

const withoutBlocks = (text: string) => text.replace(/^ *(```+)[^]*?\n *\1 *$/gm, '');

/** The links of a page, pictures included; what looks like one in code is none. */
const linksOf = (page: string) =>
	[
		...withoutBlocks(read(page))
			.replace(/`[^`\n]*`/g, '')
			.matchAll(/\]\(([^)\s]+)\)/g),
	].map(([, link]) => link);

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (page: string) =>
	[...withoutBlocks(read(page)).matchAll(/^#+ +(.+)$/gm)].map(([, heading]) =>
		heading
			.replace(/\]\([^)]*\)|_(?=\W|$)|(?<=\W)_/g, '')
			.toLowerCase()
			.replace(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
			.replaceAll(' ', '-'),
	);

/** Address of the repository on GitHub; its first page shows the README. */
const REPOSITORY = homepage.replace('#readme', '');

/** The links that lead to a file or heading of this repository that is not there. */
function broken(file: string, links: string[]): string[] {
	return links.filter((link) => {
		const [address, anchor] = link.replace(`${REPOSITORY}/blob/main/`, '/').split('#');
		if (/^[a-z]+:/.test(address) && address !== REPOSITORY) return false;
		const inRoot = address === REPOSITORY ? '/README.md' : address;
		const target = path.join('/', path.dirname(file), inRoot || path.basename(file));
		const name = (inRoot.startsWith('/') ? inRoot : target).slice(1);
		if (!existsSync(path.join(root, name))) return true;
		const isPage = anchor !== undefined && name.endsWith('.md');
		return isPage && anchor !== 'readme' && !anchorsOf(name).includes(anchor);
	});
}

it.each(pages)('every link of %s leads somewhere', (page) => {
	expect(broken(page, linksOf(page))).toEqual([]);
});

test('so does every address of this repository that the editor shows', () => {
	const files = filesOf('nodes/*.ts', 'nodes/*.json', 'credentials/*.ts', 'examples/*.json');
	const ours = new RegExp(`${REPOSITORY}[\\w./#-]*[\\w/]`, 'g');
	const addresses = files.flatMap((file) => read(file).match(ours) ?? []);
	expect(addresses).not.toEqual([]);
	expect(broken('', addresses)).toEqual([]);
});

test('the README leads to every page of docs', () => {
	const found = new Set(['README.md']);
	for (const page of found) {
		const targets = linksOf(page).map((link) => path.join(path.dirname(page), link.split('#')[0]));
		targets.filter((target) => pages.includes(target)).forEach((target) => found.add(target));
	}
	expect(pages.filter((page) => page.startsWith('docs/') && !found.has(page))).toEqual([]);
});

test('the README has at most 1,300 words, as wc counts them', () => {
	expect(read('README.md').trim().split(/\s+/).length).toBeLessThanOrEqual(1300);
});

test('every script that a page names exists, and CONTRIBUTING.md has them all', () => {
	const namedIn = (page: string) =>
		[...read(page).matchAll(/npm (?:run ([\w:]+)|(test))/g)].map(([, run, test]) => run ?? test);
	const names = Object.keys(scripts);
	expect(pages.flatMap(namedIn).filter((name) => !names.includes(name))).toEqual([]);
	expect(names.filter((name) => !namedIn('CONTRIBUTING.md').includes(name))).toEqual([]);
});
