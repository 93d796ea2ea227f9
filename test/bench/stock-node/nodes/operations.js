'use strict';

const operation = (name, value, api, action) => ({
	name,
	value,
	action: name,
	routing: { request: { method: 'POST', body: { api, action } } },
});

const choice = (resource, options) => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: [resource] } },
	options,
	default: options[0].value,
});

exports.operationChoices = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Candidate', value: 'candidate' },
			{ name: 'Applicant', value: 'applicant' },
			{ name: 'Lead', value: 'lead' },
		],
		default: 'candidate',
	},
	choice('candidate', [
		operation('Add to Pipeline', 'addToPipeline', 'recruiter', 'addCandidateToPipeline'),
		operation('Change Stage', 'changeStage', 'recruiter', 'changeCandidatePipeline'),
	]),
	choice('applicant', [
		operation('Add to Pipeline', 'addToPipeline', 'recruiter', 'addApplicantToPipeline'),
		operation('Reject', 'reject', 'recruiter', 'rejectApplicant'),
	]),
	choice('lead', [operation('Save', 'save', 'sales_navigator', 'saveLead')]),
];
