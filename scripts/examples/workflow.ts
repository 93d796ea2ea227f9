/** A node of an example, as its file has it. */
export interface ExampleNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [x: number, y: number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, unknown>;
}

/** Where a wire ends: a node and one of its inputs. */
export interface WireEnd {
	node: string;
	type: string;
	index: number;
}

/** An example workflow, as its file has it. */
export interface Example {
	name: string;
	active: boolean;
	nodes: ExampleNode[];
	/** By name of a node and kind of wire: for each output the wires that leave it. */
	connections: Record<string, Record<string, Array<WireEnd[] | null>>>;
	pinData?: Record<string, unknown>;
}

export const isNote = ({ type }: ExampleNode) => type === 'n8n-nodes-base.stickyNote';
export const isTrigger = ({ type }: ExampleNode) => /trigger$|\.webhook$/i.test(type);
