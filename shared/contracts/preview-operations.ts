import { BODY_PROBLEMS, type Operation } from '#shared/contracts/operation.ts';

/** The operations that show when something would fire, by address and method. */
export const PREVIEW_OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/schedules/{scheduleId}/preview': {
    get: {
      id: 'previewSchedule',
      summary: "Shows a schedule's next fire times, and what clock changes do to them",
      query: 'preview',
      answers: { 200: { description: 'The fire times.', body: 'Preview' } },
      problems: ['request.invalid', 'schedule.not-found'],
    },
  },
  '/v1/preview': {
    post: {
      id: 'previewTrigger',
      summary: "Shows a trigger's next fire times; nothing is stored",
      body: 'PreviewedTrigger',
      answers: { 200: { description: 'The fire times.', body: 'Preview' } },
      problems: BODY_PROBLEMS,
    },
  },
};
