import * as z from 'zod';

const signedRequest = z.object({
  requestContext: z.object({
    authorizer: z.object({ iam: z.object({ userArn: z.string() }) }),
  }),
});

/** Whoever sends requests where nothing asks who it is, as on a local cloud that was told so. */
const NOBODY = 'unknown';

/** Finds the ARN of whoever signed a request, as API Gateway has checked it. */
export function signerOf(env: unknown): string {
  return signedRequest.safeParse(env).data?.requestContext.authorizer.iam.userArn ?? NOBODY;
}
