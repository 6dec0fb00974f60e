import { badInput } from '#test/e2e/suites/bad-input.ts';
import { dependentSchedules } from '#test/e2e/suites/dependent-schedules.ts';
import { directJobs } from '#test/e2e/suites/direct-jobs.ts';
import { nearFireTimes } from '#test/e2e/suites/near-fire-times.ts';
import { outcomes } from '#test/e2e/suites/outcomes.ts';
import { pause } from '#test/e2e/suites/pause.ts';
import { pauseAfterFailures } from '#test/e2e/suites/pause-after-failures.ts';
import { schedules } from '#test/e2e/suites/schedules.ts';
import { skip } from '#test/e2e/suites/skip.ts';
import { undelivered } from '#test/e2e/suites/undelivered.ts';
import { suitesOnCloud } from '#test/support/suites-on-cloud.ts';

suitesOnCloud('assembly', {
  'bad requests': badInput,
  'a schedule': schedules,
  'a pause': pause,
  pauseAfterFailures,
  'a fire time that is skipped beforehand': skip,
  'a fire time that lies near a change of its schedule': nearFireTimes,
  'a schedule that another starts': dependentSchedules,
  'a job': outcomes,
  'a job that someone asks for': directJobs,
  'a start that does not reach its task': undelivered,
});
