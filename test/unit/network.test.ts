import { networkFailure } from '../../nodes/PostPress/errors/network';

const withCode = (code: string, message = 'as it came') =>
	Object.assign(new Error(message), { code });

test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])(
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

test.each(['ECONNABORTED', 'ETIMEDOUT'])('%s: no answer in time, so unknown', (code) => {
	expect(networkFailure(withCode(code))).toMatchObject({
		type: 'client/timeout',
		outcome: 'unknown',
		retry: 'yes',
		remedy: expect.stringContaining('Look at the person') as string,
	});
});

test.each([
	'ECONNRESET',
	'EPIPE',
	'ERR_BAD_RESPONSE',
	'ERR_STREAM_PREMATURE_CLOSE',
	'Z_DATA_ERROR',
	'EWHATEVER',
])('%s: the connection broke, so unknown', (code) => {
	expect(networkFailure(withCode(code))).toMatchObject({
		type: 'client/network',
		outcome: 'unknown',
		retry: 'yes',
		title: expect.stringContaining('broke before the answer') as string,
		remedy: expect.stringContaining('Look at the person') as string,
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

test('what n8n itself refuses to send has no code, but a reason', () => {
	expect(networkFailure(new Error('This domain is not allowed'))).toMatchObject({
		outcome: 'not_sent',
		retry: 'no',
		detail: 'This domain is not allowed',
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
	expect(networkFailure(error)).toMatchObject({ outcome: 'not_sent', detail: 'round' });
});

test.each([undefined, null, 'text', 42, {}])('what is no error is read as well: %p', (thrown) => {
	expect(networkFailure(thrown)).toMatchObject({ type: 'client/network', detail: null });
});
