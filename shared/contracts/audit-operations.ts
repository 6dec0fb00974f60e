import { BODY_PROBLEMS, type Operation, PAGE_PROBLEMS } from '#shared/contracts/operation.ts';

/** The operations on audits, by address and method. */
export const AUDIT_OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/audits': {
    get: {
      id: 'listAudits',
      summary: 'Lists audits of the payload bucket, newest first',
      query: 'page',
      answers: { 200: { description: 'A page, which may be short.', body: 'AuditPage' } },
      problems: PAGE_PROBLEMS,
    },
    post: {
      id: 'requestAudit',
      summary: 'Compares the payload bucket with the jobs now, both ways',
      query: 'write',
      body: 'AuditRequest',
      mayLackBody: true,
      answers: {
        200: { description: 'What would be begun, with `dryRun`.', body: 'Audit' },
        202: { description: 'The audit, which begins.', body: 'Audit', headers: ['Location'] },
      },
      problems: BODY_PROBLEMS,
    },
  },
  '/v1/audits/{auditId}': {
    get: {
      id: 'getAudit',
      summary: 'Reads the report of an audit, as far as it has come',
      answers: { 200: { description: 'The audit.', body: 'Audit' } },
      problems: ['audit.not-found'],
    },
  },
};
