import * as z from 'zod';
import { AUDIT_ID_PATTERN } from '#shared/domain/audit/audit.ts';
import { fromIso } from '#shared/domain/epoch-seconds.ts';

/** Reads the message that has an audit go on, from whoever asked for it or from the invocation before. */
export const auditMessage = z.object({
  kind: z.literal('audit'),
  auditId: z.string().regex(AUDIT_ID_PATTERN),
});

/** Reads the message that a day's audit is due; EventBridge fills in the instant, so that each delivery names the same day. */
export const dailyAuditMessage = z.object({
  kind: z.literal('daily-audit'),
  at: z.string().transform((text, context) => {
    const instant = fromIso(text);
    if (instant !== undefined) return instant;
    context.addIssue({ code: 'custom', message: 'Expected `at` to be an instant.' });
    return z.NEVER;
  }),
});
