'use strict';

const { TestEnvironment } = require('jest-environment-node');

/** Before anything is cleaned up after a failure, tells whoever keeps the evidence (support/evidence.ts). */
module.exports = class extends TestEnvironment {
	async handleTestEvent(event) {
		if (event.name === 'test_fn_failure' || event.name === 'hook_failure') {
			const names = [];
			const { test, describeBlock } = event;
			for (let part = test ?? describeBlock; part?.parent; part = part.parent) {
				names.unshift(part.name);
			}
			await this.global.keepEvidence?.(names.join(' ') || 'before the tests');
		}
	}
};
