/** An answer of the API before it is put on the wire. */
export interface Answer {
	status: number;
	body: unknown;
}

/** A success answer of the action endpoint, with the given verdict. */
export function actionAnswer(success: boolean): Answer {
	return { status: 200, body: { object: 'LinkedinPerformActionOnUser', success } };
}
