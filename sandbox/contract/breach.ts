/** What the framework's validator reports about one field. */
export interface SchemaProblem {
	keyword: string;
	instancePath: string;
	message?: string;
	params: Record<string, unknown>;
}

/** Which documented error a request that breaks the contract gets, and what it says. */
export interface ContractBreach {
	type: 'missing_parameters' | 'invalid_parameters' | 'limit_too_high';
	detail: string;
}

/** Words the validator's findings and chooses the error type that fits all of them. */
export function describeBreach(part: string, problems: readonly SchemaProblem[]): ContractBreach {
	return {
		type: breachType(problems),
		detail: [...new Set(problems.map((problem) => describe(part, problem)))].join('; '),
	};
}

function breachType(problems: readonly SchemaProblem[]): ContractBreach['type'] {
	if (problems.every(isMissing)) return 'missing_parameters';
	const tooHigh = ({ keyword, instancePath }: SchemaProblem) =>
		keyword === 'maximum' && instancePath === '/limit';
	return problems.every(tooHigh) ? 'limit_too_high' : 'invalid_parameters';
}

function isMissing({ keyword, params }: SchemaProblem): boolean {
	return keyword === 'required' || (keyword === 'discriminator' && params.tagValue === undefined);
}

function describe(part: string, { keyword, instancePath, message, params }: SchemaProblem): string {
	const where = `${part}${instancePath}`;
	switch (keyword) {
		case 'required':
			return `${where}/${String(params.missingProperty)} is required`;
		case 'additionalProperties':
			return `${where}/${String(params.additionalProperty)} is not a parameter of this request`;
		case 'enum':
			return `${where} must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
		case 'discriminator':
			return params.tagValue === undefined
				? `${where}/${String(params.tag)} is required`
				: `${where}/${String(params.tag)} is not an action: ${JSON.stringify(params.tagValue)}`;
		default:
			return `${where} ${message ?? 'is not valid'}`;
	}
}
