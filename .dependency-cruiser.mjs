// Who may import whom. `npm run lint` holds it, `npm run imports` prints who does.

const NODE = 'nodes/PostPress';

/** The rooms of the node, from top to ground, each with the rooms that it may import beside itself. */
const ROOMS = {
	resources: ['fields'],
	methods: ['fields/values', 'transport', 'errors'],
	delivery: ['fields', 'fields/values', 'transport', 'errors'],
	fields: ['fields/values', 'errors'],
	'fields/values': ['errors'],
	transport: ['errors'],
	errors: [],
};

/** The folders of the repository, each with the folders that it may import beside itself. */
const FOLDERS = {
	nodes: [],
	credentials: [],
	sandbox: [],
	harness: [],
	demo: ['harness', 'sandbox', 'nodes'],
	scripts: ['harness', 'sandbox', 'nodes'],
	test: ['harness', 'sandbox', 'nodes', 'credentials', 'demo'],
};

const SANDBOX = {
	contract: [],
	faults: ['contract'],
	state: ['contract', 'faults'],
	server: ['contract', 'faults', 'state'],
};

const HARNESS = {
	engine: [],
	install: [],
	app: ['install'],
	editor: ['app'],
};

const TESTS = { unit: [], engine: [], e2e: [], faults: [], bench: [] };

/** Files in a folder; not those in a folder below that is named itself, such as `fields/values` in `fields`. */
const filesOf = (name, all) => {
	const below = all
		.filter((other) => other.startsWith(`${name}/`))
		.map((other) => `${other.slice(name.length + 1)}/`);
	return `${name}/${below.length > 0 ? `(?!${below.join('|')})` : ''}`;
};

/** A rule for each of some folders: it imports none of the others but those that it is given. */
function oneWay(within, table) {
	const names = Object.keys(table);
	const one = (name) => `^${within}${filesOf(name, names)}`;
	return names.map((name) => ({
		name: `${within}${name}`,
		comment: `${within}${name} imports ${['itself', ...table[name]].join(', ')}; no other folder beside it.`,
		severity: 'error',
		from: { path: one(name) },
		to: { path: names.map(one), pathNot: [name, ...table[name]].map(one) },
	}));
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
	forbidden: [
		{
			name: 'no circle',
			comment: 'A file that imports itself by way of others cannot be read, or loaded, by itself.',
			severity: 'error',
			from: {},
			to: { circular: true },
		},
		...oneWay('', FOLDERS),
		...oneWay(`${NODE}/`, ROOMS),
		...oneWay('sandbox/', SANDBOX),
		...oneWay('harness/', HARNESS),
		...oneWay('test/', TESTS),
		{
			name: 'small tools of the harness',
			comment: 'The files directly in harness/ stand below its folders.',
			severity: 'error',
			from: { path: '^harness/[^/]+$' },
			to: { path: '^harness/[^/]+/' },
		},
		{
			name: 'the node file',
			comment: 'It stands above every room: no room imports it.',
			severity: 'error',
			from: { path: `^${NODE}/[^/]+/` },
			to: { path: `^${NODE}/[^/]+$` },
		},
		{
			name: 'the face of the sandbox',
			comment:
				'From outside, the sandbox is imported as `sandbox`, its documents as `sandbox/contract`.',
			severity: 'error',
			from: { pathNot: '^sandbox/' },
			to: { path: '^sandbox/', pathNot: ['^sandbox/index[.]ts$', '^sandbox/contract/index[.]ts$'] },
		},
		{
			name: 'below the face of the sandbox',
			comment: 'Index files are for those outside; cli.ts starts the sandbox as they do.',
			severity: 'error',
			from: { path: '^sandbox/', pathNot: '^sandbox/cli[.]ts$' },
			to: { path: ['^sandbox/(index|cli)[.]ts$', '^sandbox/contract/index[.]ts$'] },
		},
		{
			name: 'the demo',
			comment: 'Of the tests, only that of the demo imports it.',
			severity: 'error',
			from: { path: '^test/', pathNot: '^test/engine/demo[.]test[.]ts$' },
			to: { path: '^demo/' },
		},
		{
			name: 'what is built',
			comment: 'The built node is run by n8n: nothing imports its files.',
			severity: 'error',
			from: {},
			to: { path: '^dist/' },
		},
	],
	options: {
		includeOnly: Object.keys(FOLDERS)
			.map((name) => `^${name}/`)
			.concat('^dist/'),
		tsConfig: { fileName: 'tsconfig.dev.json' },
		tsPreCompilationDeps: true,
	},
};
