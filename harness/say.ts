import { styleText } from 'node:util';

const BETWEEN_LINES = 15_000;

/** Prints lines; on a terminal a line that is not done is replaced by the next. */
export function sayer(stream: NodeJS.WriteStream = process.stdout) {
	let open = false;
	let last = 0;
	return (text: string, done = true): void => {
		if (stream.isTTY) stream.write(`${open ? '\r\u001B[K' : ''}${text}${done ? '\n' : ''}`);
		else if (done || Date.now() - last > BETWEEN_LINES) {
			stream.write(`${text}\n`);
			last = Date.now();
		}
		open = !done;
	};
}

export const strong = (text: string) => styleText('bold', text);
