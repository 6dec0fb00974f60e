import * as z from 'zod';
import { ServiceFault } from '#local/services/local-service.ts';

/** Takes the one element of its name out of the list that the XML reader gives for every name; more do not match. */
export function single<Inner extends z.ZodType>(inner: Inner) {
  return z.preprocess(
    (elements) => (Array.isArray(elements) && elements.length === 1 ? elements[0] : elements),
    inner,
  );
}

/** A whole number as an element's text. */
export const wholeNumberText = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number);

/** Refuses a document that reads well and does not mean what its operation takes. */
export function malformedXml(cause: unknown): ServiceFault {
  return new ServiceFault(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { cause },
  );
}
