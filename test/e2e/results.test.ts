import { keepLast } from '#test/e2e/suites/keep-last.ts';
import { resultReferences } from '#test/e2e/suites/result-references.ts';
import { resultShape } from '#test/e2e/suites/result-shape.ts';
import { results } from '#test/e2e/suites/results.ts';
import { retention } from '#test/e2e/suites/retention.ts';
import { suitesOnCloud } from '#test/support/suites-on-cloud.ts';

suitesOnCloud('assembly', {
  'a result': results,
  'what is stored of a result': resultShape,
  'how long one job is kept': retention,
  keepLast,
  'an input that refers to a result': resultReferences,
});
