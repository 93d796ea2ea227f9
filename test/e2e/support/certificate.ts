import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** A certificate for a few hosts, good for a day, and its key. */
export interface Certificate {
	/** The file that somebody has to trust. */
	readonly file: string;
	readonly cert: string;
	readonly key: string;
}

/** Makes a certificate that vouches for itself; only who is told to trust it does. */
export function makeCertificate(folder: string, hosts: string[]): Certificate {
	const file = path.join(folder, 'certificate.pem');
	const keyFile = path.join(folder, 'certificate-key.pem');
	execFileSync(
		'/usr/bin/openssl',
		[
			...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
			...['-days', '1', '-subj', '/CN=Elsewhere', '-out', file, '-keyout', keyFile],
			...['-addext', `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`],
		],
		{ stdio: 'pipe' },
	);
	return { file, cert: fs.readFileSync(file, 'utf8'), key: fs.readFileSync(keyFile, 'utf8') };
}
