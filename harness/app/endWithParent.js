'use strict';

// Loaded into n8n before anything else: when the process that started it is gone, however it ended,
// n8n ends as well. Otherwise a killed test run would leave it behind.

const parent = process.ppid;
setInterval(() => {
	if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 500).unref();
