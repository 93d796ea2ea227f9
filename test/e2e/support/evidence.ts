import fs from 'node:fs';
import path from 'node:path';
import { root } from '../../../harness/install/folders';

/** Leaves what it knows of a failure in a folder. */
export type Witness = (folder: string) => Promise<void> | void;

const witnesses = new Set<Witness>();

/** Whom to ask when a test fails; the returned function takes it back. */
export function onFailure(witness: Witness): () => void {
	witnesses.add(witness);
	return () => witnesses.delete(witness);
}

/** Called by the test environment when a test or a hook has failed, before anything is cleaned up. */
async function keepEvidence(test: string): Promise<void> {
	const name = test.replace(/[^\w.-]+/g, '-').slice(0, 100);
	const folder = path.join(root, 'test-results', name);
	fs.rmSync(folder, { recursive: true, force: true });
	fs.mkdirSync(folder, { recursive: true });
	await Promise.allSettled([...witnesses].map(async (witness) => await witness(folder)));
	console.error(`What is known of the failure lies in ${path.relative(root, folder)}`);
}

Object.assign(globalThis, { keepEvidence });
