import { networkFailure } from '../../nodes/PostPress/transport/network';

const withCode = (code: string, message = 'as it came') =>
	Object.assign(new Error(message), { code });

test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
	'%s: not connected, so not sent, and worth a retry',
	(code) => {
		expect(networkFailure(withCode(code))).toMatchObject({
			type: 'client/network',
			outcome: 'not_sent',
			retry: 'yes',
			status: null,
			instance: null,
			title: expect.stringContaining('could not be reached') as string,
			remedy: expect.stringContaining('Base URL') as string,
		});
	},
);

test.each([
	['EHOSTUNREACH', 'connect'],
	['ENETUNREACH', 'connect'],
	['ETIMEDOUT', 'connect'],
	['ESERVFAIL', 'getaddrinfo'],
])('%s while it was %s: no request can have left', (code, syscall) => {
	const proof = { outcome: 'not_sent', retry: 'yes' };
	expect(networkFailure(Object.assign(withCode(code), { syscall }))).toMatchObject(proof);
	expect(networkFailure(withCode(code, `${syscall} ${code} 192.0.2.1:443`))).toMatchObject(proof);
	// As Node gathers what happened at each address of a name.
	const all = Object.assign(new AggregateError([{ code, syscall }]), { code });
	expect(networkFailure(new Error('n8n', { cause: all }))).toMatchObject(proof);
});

test.each([
	['EHOSTUNREACH', 'read'],
	['ENETUNREACH', 'write'],
])('%s while it was %s: the request may have arrived, so unknown', (code, syscall) => {
	const error = Object.assign(withCode(code, `${syscall} ${code}`), { syscall });
	expect(networkFailure(error)).toMatchObject({ outcome: 'unknown', retry: 'yes' });
});

test.each(['ECONNABORTED', 'ETIMEDOUT'])('%s: no answer in time, so unknown', (code) => {
	expect(networkFailure(withCode(code))).toMatchObject({
		type: 'client/timeout',
		outcome: 'unknown',
		retry: 'yes',
	});
});

test.each([
	'ECONNRESET',
	'EPIPE',
	'ERR_BAD_RESPONSE',
	'ERR_STREAM_PREMATURE_CLOSE',
	'Z_DATA_ERROR',
	'EWHATEVER',
	'EPROTO',
	'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
	'ERR_TLS_HANDSHAKE_TIMEOUT',
])('%s: the connection broke, so unknown', (code) => {
	expect(networkFailure(withCode(code))).toMatchObject({
		type: 'client/network',
		outcome: 'unknown',
		retry: 'yes',
		title: expect.stringContaining('broke before the answer') as string,
	});
});

test.each([
	'ERR_INVALID_URL',
	'ERR_INVALID_CHAR',
	'ERR_INVALID_PROTOCOL',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])('%s: could not be sent at all, and a retry would change nothing', (code) => {
	expect(networkFailure(withCode(code, 'Why it could not be'))).toMatchObject({
		type: 'client/network',
		outcome: 'not_sent',
		retry: 'no',
		title: 'The request could not be sent',
		detail: 'Why it could not be',
		remedy: expect.stringContaining('credential') as string,
	});
});

test.each([
	'Domain not allowed: This credential is restricted from accessing x.org.',
	'No allowed domains specified. Configure allowed domains or change restriction setting.',
	'The request was blocked because it resolves to a restricted IP address',
])('what n8n itself refuses to send has no code, but a reason: %s', (message) => {
	const expected = { outcome: 'not_sent', retry: 'no', detail: message };
	expect(networkFailure(new Error(message))).toMatchObject(expected);
	const wrapped = new Error('n8n', { cause: new Error(message) });
	expect(networkFailure(wrapped)).toMatchObject(expected);
});

test('any other error without a code is unknown: who knows how far the request came', () => {
	expect(networkFailure(new Error('Something else'))).toMatchObject({
		outcome: 'unknown',
		retry: 'yes',
		detail: null,
	});
});

describe('where n8n drops the cause (before 2.36)', () => {
	const fromN8n = (httpCode: string | null, message: string) =>
		Object.assign(new Error('In the words of n8n'), { httpCode, messages: [message] });

	test.each([
		['ECONNREFUSED', 'not_sent', 'connect ECONNREFUSED 127.0.0.1:1'],
		['ERR_INVALID_CHAR', 'not_sent', 'Invalid character in header'],
		['ECONNRESET', 'unknown', 'socket hang up'],
		['ECONNABORTED', 'unknown', 'timeout of 30ms exceeded'],
		['200', 'unknown', 'aborted'],
		[null, 'unknown', 'Something else'],
	])('the code is read from httpCode: %s is %s', (httpCode, outcome, message) => {
		const detail = outcome === 'unknown' ? null : message;
		expect(networkFailure(fromN8n(httpCode, message))).toMatchObject({ outcome, detail });
	});

	test('n8n is known by its own words', () => {
		const error = fromN8n(null, 'Domain not allowed: This credential is restricted');
		expect(networkFailure(error)).toMatchObject({ outcome: 'not_sent', retry: 'no' });
	});
});

test('the code is found in the causes, at any depth that n8n and its HTTP client make', () => {
	const cause = new Error('axios', { cause: withCode('ECONNREFUSED') });
	expect(networkFailure(new Error('n8n', { cause }))).toMatchObject({
		outcome: 'not_sent',
		title: expect.stringContaining('could not be reached') as string,
	});
});

test('the outermost code counts', () => {
	const error = Object.assign(withCode('ECONNABORTED'), { cause: withCode('ECONNREFUSED') });
	expect(networkFailure(error)).toMatchObject({ type: 'client/timeout' });
});

test('an error that is its own cause is read to an end', () => {
	const error = new Error('round');
	error.cause = error;
	expect(networkFailure(error)).toMatchObject({ outcome: 'unknown' });
});

test.each([undefined, null, 'text', 42, {}])('what is no error is read as well: %p', (thrown) => {
	expect(networkFailure(thrown)).toMatchObject({ outcome: 'unknown', detail: null });
});
