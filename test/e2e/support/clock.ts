import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A clock of a process that can be set; the process's timers go on at their pace. */
export interface Clock {
	/** What the process has to be started with. */
	readonly env: NodeJS.ProcessEnv;
	/** Sets it to a moment, from which it goes on; an ISO text with its offset. */
	set(moment: string): void;
	/** Puts it before or behind by so many seconds. */
	shift(seconds: number): void;
}

/** A clock for a process that is still to be started; it is right until it is set. */
export function newClock(): Clock {
	const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-postpress-clock-')), 'offset');
	const shift = (seconds: number) => {
		// The process may read it at any moment.
		fs.writeFileSync(`${file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}s\n`);
		fs.renameSync(`${file}.new`, file);
	};
	shift(0);
	return {
		env: {
			LD_PRELOAD: library(),
			FAKETIME_TIMESTAMP_FILE: file,
			FAKETIME_NO_CACHE: '1',
			FAKETIME_DONT_FAKE_MONOTONIC: '1',
		},
		set: (moment) => shift((Date.parse(moment) - Date.now()) / 1000),
		shift,
	};
}

/** Debian's libfaketime, which stands between a program and its system's clock. */
function library(): string {
	for (const folder of fs.readdirSync('/usr/lib')) {
		const file = path.join('/usr/lib', folder, 'faketime', 'libfaketime.so.1');
		if (fs.existsSync(file)) return file;
	}
	throw new Error('libfaketime is not installed');
}
