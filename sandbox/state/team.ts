import type { Seed, SeedAccount, SeedEntry, SeedPerson } from './seed';

/** The team's accounts, one of them to be reconnected, one of them not of LinkedIn. */
export const accounts: SeedAccount[] = [
	{
		id: 'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR',
		name: 'Hannah Keller',
		type: 'LINKEDIN',
		products: ['recruiter'],
		status: 'OK',
		createdAt: '2025-02-03T08:14:52.000Z',
	},
	{
		id: 'acc_linkedin_01JE6DQPM6TTSQB8BKN3P4RXCC',
		name: 'Marcus Adeyemi',
		type: 'LINKEDIN',
		products: ['sales_navigator'],
		status: 'OK',
		createdAt: '2025-03-17T13:40:09.000Z',
	},
	{
		id: 'acc_linkedin_01JV5WP1H6RKPDH8MJTX1NGB3Z',
		name: 'Elena Rossi',
		type: 'LINKEDIN',
		products: ['recruiter', 'sales_navigator'],
		status: 'OK',
		createdAt: '2025-06-30T09:02:31.000Z',
	},
	{
		id: 'acc_linkedin_01J95SM8YPFEX1RXP43MFZF8MM',
		name: 'Oskar Nyström',
		type: 'LINKEDIN',
		products: ['recruiter'],
		status: 'CREDENTIALS',
		createdAt: '2024-11-21T16:55:44.000Z',
	},
	{
		id: 'acc_linkedin_01JW0C6438VAGX503NPSC9BZCF',
		name: 'Mei Tan',
		type: 'LINKEDIN',
		products: [],
		status: 'OK',
		createdAt: '2026-01-12T10:20:00.000Z',
	},
	{
		id: 'acc_google_01J33FBT4X9J7A7JH0A3K5YVHK',
		name: 'jobs@example.com',
		type: 'GOOGLE_OAUTH',
		products: [],
		status: 'OK',
		createdAt: '2025-02-03T08:31:17.000Z',
	},
];

const [hannah, marcus, elena, oskar] = accounts.map(({ id }) => id);

/** The team's open positions. */
export const projects: SeedEntry[] = [
	{ id: 'proj_01HXYZ4QK3WJ8FN3M6QH7TZ8GR', title: 'Senior Backend Engineer (Berlin)' },
	{ id: '1483848495', title: 'Staff Platform Engineer (remote, EU)' },
	{ id: '1345116580', title: 'Data Engineer, Health Products' },
	{ id: '1437395766', title: 'Frontend Developer, Customer Portal' },
	{ id: '1430911712', title: 'Product Designer' },
	{ id: '1269031249', title: 'Site Reliability Engineer, Night Rota' },
	{ id: '1256963915', title: 'Engineering Manager, Payments', accountIds: [elena] },
	{ id: '1251433434', title: 'QA Lead' },
	{ id: '1407505907', title: 'Security Engineer', accountIds: [hannah, elena] },
	{ id: '1400862608', title: 'Account Executive, Retail (Dublin)', accountIds: [elena] },
	{ id: '1539953863', title: 'Working Students 2026', accountIds: [hannah] },
	{ id: '1263047045', title: 'Talent Pool: Former Applicants', accountIds: [hannah, oskar] },
	{ id: '1541812911', title: 'VP Engineering (confidential)', accountIds: [elena] },
];

/** The team's lead lists; LinkedIn's list ids have 19 digits. */
export const leadLists: SeedEntry[] = [
	{ id: '7154321558885357524', title: 'Logistics, DACH' },
	{ id: '7206776581098818229', title: 'Manufacturing: Heads of Procurement' },
	{ id: '7335483075737159852', title: 'Trade Fair Hanover 2026' },
	{ id: '7220572357666059308', title: 'Warm Introductions', accountIds: [elena] },
	{ id: '7177726860579188493', title: 'Renewals Q3', accountIds: [marcus] },
];

/** People that the team writes to; the last one's profile is private. */
export const people: SeedPerson[] = [
	{
		slug: 'amara-okafor-94f4dbb7',
		firstName: 'Amara',
		lastName: 'Okafor',
		headline: 'Senior Backend Engineer at Lumen Freight',
		ids: {
			recruiter: 'AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy',
			sales_navigator: 'ACwAAqCx4d4HV0wPXGBw1DRiUDQGDsrVxyh6sEF3myJA',
			classic: 'ACoAAszevdqUwaUtYKCfoPg1xu8i-h9CEJBPpcczxgn9',
		},
	},
	{
		slug: 'jonas-lindqvist',
		firstName: 'Jonas',
		lastName: 'Lindqvist',
		headline: 'Staff Platform Engineer',
		ids: {
			recruiter: 'AEMAAmtAo0hSa9dbC8Inygbyy1ZRntF4N_xTWupiHe8e',
			sales_navigator: 'ACwAAFr5ZaIMcBXC2-JSGHWHefUJw1okwFrjm2_2ac6i',
			classic: 'ACoAAYLkpRk_O640skXo1YW_FJYh9SRjObseodGGPW1N',
		},
	},
	{
		slug: 'priya-raghunathan',
		firstName: 'Priya',
		lastName: 'Raghunathan',
		headline: 'Data Engineer, Healthcare',
		ids: {
			recruiter: 'AEMAAZbT2NIaXC03Ittfn2qAt5HuuxHncI7z4Ye6_YfF',
			sales_navigator: 'ACwAAo8YlH393pNf1v7tAWxUOFn5KG9C-ZYURVNd7qXG',
			classic: 'ACoAAg9_5b8VUxrH9BvAH_qnHynME86icO1E5vfNy9n7',
		},
	},
	{
		slug: 'mateo-fernandez-dev',
		firstName: 'Mateo',
		lastName: 'Fernández',
		headline: 'Frontend Developer, React and TypeScript',
		ids: {
			recruiter: 'AEMAAmfOLevQorFpb9RzfrpQLXaIVo8lYHQZRxODz2jo',
			sales_navigator: 'ACwAAEiaQMOFnPulYMt749alFogQYWChj56PscEej_xu',
			classic: 'ACoAAFoHLgET1RFt_l5er1-1Cs4tfyyVdtrhUDtSFp_Y',
		},
	},
	{
		slug: 'chloé-dubois',
		firstName: 'Chloé',
		lastName: 'Dubois',
		headline: 'Product Designer',
		ids: {
			recruiter: 'AEMAAzWmvG8Rh83tpo7iNQKHmeFimIp8LmC9f3I05BaQ',
			sales_navigator: 'ACwAAsicQWGFjFOJjUp16j8zEYwaS9tUsyQn8pafrewt',
			classic: 'ACoAARGQdCr3xHQvm3qFpuDOgCrg2GhCAeCwtgrDXPtL',
		},
	},
	{
		slug: 'tomasz-wisniewski',
		firstName: 'Tomasz',
		lastName: 'Wiśniewski',
		headline: 'Site Reliability Engineer',
		ids: {
			recruiter: 'AEMAAgd6eJMyCWjF-Gm5ZKwYQ-qPwjIOwjsYf5bHWhUm',
			sales_navigator: 'ACwAAysCPpw_Beo-zlG-wJpgfV76ORtRYzafdk5aytDx',
			classic: 'ACoAAeuGfvydN-niA3XxE2eq4vJFGJYtfhr7P8pWq_tQ',
		},
	},
	{
		slug: 'grace-mwangi-d8f1c0f1',
		firstName: 'Grace',
		lastName: 'Mwangi',
		headline: 'Engineering Manager',
		ids: {
			recruiter: 'AEMAAk_J_r6ZVq7hGR2wFKwWEG6L690hSIc29Ulmmz_6',
			sales_navigator: 'ACwAAi74VbjLN7wS-61rFgXGuSWVphnD8voOiLnAdQ27',
			classic: 'ACoAAkgQS22nuNJwsI0lXKdz20YUZRAOlf1O69mOwf4L',
		},
	},
	{
		slug: 'daniel-brandt',
		firstName: 'Daniel',
		lastName: 'Brandt',
		headline: 'VP Operations at Nordwind Logistics',
		ids: {
			recruiter: 'AEMAAiDwTtNHK0lrQCvtgMrVj956uUyaqtngdJoSBhbJ',
			sales_navigator: 'ACwAALX6RhJjMij9P7CKGdkuqgAsxPlvOCZnl0xGK-BD',
			classic: 'ACoAAA29PHI-Q_ajwcrFYOfRNKii1zlcGiA8yoUZ0BKP',
		},
	},
	{
		slug: 'yuki-tanabe',
		firstName: 'Yuki',
		lastName: 'Tanabe',
		headline: 'Head of Procurement at Seto Components',
		ids: {
			recruiter: 'AEMAAQdppORrnaw93XpCmnbrxMjleRRCMQnHLh-QZnFC',
			sales_navigator: 'ACwAA3ZsTf6hLIRxM3mRw9wtOIWED5yIlHzVoEOyygeA',
			classic: 'ACoAASr6nWQgf28P3XN71zA40QAqZIMGx-N_CBObXeqW',
		},
	},
	{
		slug: 'fatima-haddad-8253a9c8',
		firstName: 'Fatima',
		lastName: 'Haddad',
		headline: 'Director of Supply Chain at Cedar & Vine',
		ids: {
			recruiter: 'AEMAAj9yi0yBbsxdjjhTIEJFlBH6UC4pURq4hOlpdMB9',
			sales_navigator: 'ACwAAUIu3-sRi6kx4xzuRErh3tSfLON-vAO5hyL8lqOC',
			classic: 'ACoAAqXYIJRDW4Tf4erA8CpMo-DNTevqtYzTKSZrqVsg',
		},
	},
	{
		slug: 'liam-osullivan',
		firstName: 'Liam',
		lastName: "O'Sullivan",
		headline: 'Account Executive, Retail',
		ids: {
			recruiter: 'AEMAA8RkI0aWSqiWNUIGXNRyb3d3URVb5EnNEW9lZK2B',
			sales_navigator: 'ACwAAqpbYPjY6W5jzAuON8vUCg1dHEWT6SUJ9f9vwQ2F',
			classic: 'ACoAABYZefb49ZtSfAjmydQgomtYnT7QV7x39BLsjnJF',
		},
	},
	{
		slug: 'noor-van-dijk',
		firstName: 'Noor',
		lastName: 'van Dijk',
		headline: 'Chief Revenue Officer at Polder Analytics',
		ids: {
			recruiter: 'AEMAAgyFHILzR41Qj7p2JDTSWK1s5O_8xrk69U75oewm',
			sales_navigator: 'ACwAA2FhMCV4NIUFRlwjRaIqZvkXeY8Baw4WWime3mDw',
			classic: 'ACoAA6ttrEXNObQFNsEZBL_8ZYtwQlo9pAYW1zNFQZcK',
		},
	},
	{
		slug: 'sofia-marchetti-18335602',
		firstName: 'Sofia',
		lastName: 'Marchetti',
		headline: 'QA Lead',
		ids: {
			recruiter: 'AEMAAnNNBR8-gajIUcVJ0HRymDi1QQyW9LwXSZNa2drZ',
			sales_navigator: 'ACwAAaEj36h0COddhc1mWy-YBqUt5rJr4VES-uLcY_Bo',
			classic: 'ACoAABahNY1SQQtjiqO1vxoZfi1722zfrtSg1Glyb2Xn',
		},
	},
	{
		slug: 'viktor-petrov',
		firstName: 'Viktor',
		lastName: 'Petrov',
		headline: 'Security Engineer',
		ids: {
			recruiter: 'AEMAAmYLu5Hl14LosmVHDq-lDhGFC32JcydeS8wKGu1F',
			sales_navigator: 'ACwAAKiVTI2yXugz145HNhqrKyZ-ifn98U7KAljofwfD',
			classic: 'ACoAA8nexi57mczImmeP7v9IDfJKex3YG0fDRta33l4Z',
		},
		private: true,
	},
];

/** A recruiting and sales team as it might be. */
export const defaultSeed: Seed = {
	accounts,
	projects,
	leadLists,
	people,
	pipelines: [
		{
			hiringProjectId: '1483848495',
			userId: 'AEMAAmtAo0hSa9dbC8Inygbyy1ZRntF4N_xTWupiHe8e',
			stage: 'CONTACTED',
		},
		{
			hiringProjectId: '1430911712',
			userId: 'AEMAAzWmvG8Rh83tpo7iNQKHmeFimIp8LmC9f3I05BaQ',
			stage: 'UNCONTACTED',
		},
	],
	savedLeads: [
		{ listId: '7154321558885357524', userId: 'ACwAALX6RhJjMij9P7CKGdkuqgAsxPlvOCZnl0xGK-BD' },
	],
};
