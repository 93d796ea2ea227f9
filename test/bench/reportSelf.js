'use strict';

// Loaded into n8n before anything else: when the process ends, it writes down what it has cost.
// Worker threads load this as well; their CPU time is part of their process's.

const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
	process.on('exit', () => {
		const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
		const cpu = (userCPUTime + systemCPUTime) / 1000;
		writeFileSync(process.env.BENCH_COST_FILE, JSON.stringify({ cpu, memory: maxRSS / 1024 }));
	});
}
