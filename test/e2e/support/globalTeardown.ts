import fs from 'node:fs';
import { shared } from './shared';

export default function globalTeardown(): void {
	fs.rmSync(shared().folder, { recursive: true, force: true });
}
