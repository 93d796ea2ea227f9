import type { PerformedAction } from '../contract/actions';
import type { Directory, DirectoryRules } from './directory';
import type { Fault } from '../faults/fault';
import { FaultQueue } from '../faults/queue';
import { IdempotencyStore, type IdempotencyKeys } from './idempotency';
import type { ListShape } from '../contract/page';
import type { Seed } from './seed';
import { PeopleState } from './people';
import { Traffic, type Exchange, type RecordedRequest } from './traffic';

/** Settings that hold for the life of a sandbox. */
export interface WorldSettings extends DirectoryRules {
	seed: Seed;
	idempotencyKeys: IdempotencyKeys;
	/** UNIX milliseconds, with fractions. */
	now: () => number;
	listShape: ListShape;
	record: boolean;
	onAnswered?: (record: RecordedRequest) => void;
}

/** Everything that `reset()` starts afresh; a request belongs to the world it arrived in. */
export interface World {
	readonly settings: WorldSettings;
	readonly directory: Directory;
	readonly state: PeopleState;
	readonly faults: FaultQueue;
	readonly keys: IdempotencyStore;
	readonly traffic: Traffic;
	readonly performed: PerformedAction[];
	/** What meets every request, as long as it lasts. */
	outage: Fault | undefined;
}

/** A world in which nothing has happened yet. */
export function newWorld(settings: WorldSettings, directory: Directory): World {
	return {
		settings,
		directory,
		state: new PeopleState(settings.seed, { strictPipeline: settings.strictPeople }),
		faults: new FaultQueue(),
		keys: new IdempotencyStore(),
		traffic: new Traffic(settings.record, settings.now, settings.onAnswered),
		performed: [],
		outage: undefined,
	};
}

/** A request, and the world that it arrived in. */
export interface Arrival {
	exchange: Exchange;
	world: World;
}
