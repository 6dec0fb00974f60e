import { cancel } from '#test/e2e/suites/cancel.ts';
import { overlap } from '#test/e2e/suites/overlap.ts';
import { resultFile } from '#test/e2e/suites/result-file.ts';
import { suitesOnCloud } from '#test/support/suites-on-cloud.ts';

suitesOnCloud('probes', {
  'a file that a task returns': resultFile,
  'a job that is cancelled': cancel,
  'the running jobs of a schedule or a task': overlap,
});
