import type { Endpoints } from '#local/cloud.ts';

/** Writes what a newcomer needs to go on: where everything is, and commands to copy. */
export function welcome(
  endpoints: Endpoints,
  { created, auth }: { readonly created: number; readonly auth: boolean },
): string {
  const { api, dynamodb, s3, scheduler, tables, bucket, region } = endpoints;
  const curl = auth ? `curl --aws-sigv4 "aws:amz:${region}:execute-api" --user test:test` : 'curl';
  const aws = `AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --region ${region}`;
  return `
Almanac is running on this machine.

  API        ${api}
  DynamoDB   ${dynamodb}    S3 ${s3}    EventBridge Scheduler ${scheduler}
  All of it  .local/endpoints.json

Schedules${created > 0 ? ` (${created} examples were created)` : ''}:
  ${curl} ${api}/v1/schedules

Define one:
  ${curl} ${api}/v1/schedules \\
    -H 'Content-Type: application/json' -d '{"id":"my-report","task":"sales-report",
    "trigger":{"kind":"cron","expression":"cron(* * * * ? *)","timeZone":"UTC"},"resultExpirationTime":"1h"}'

Its jobs, and the latest result where it lies:
  ${curl} ${api}/v1/schedules/my-report/jobs
  ${aws} --endpoint-url ${dynamodb} dynamodb query --table-name ${tables.jobs} \\
    --key-condition-expression 'scheduleId = :id' --expression-attribute-values '{":id":{"S":"my-report"}}' \\
    --no-scan-index-forward --max-items 1
  ${aws} --endpoint-url ${s3} s3 ls --recursive s3://${bucket}/

Each job that settles is a line below. Ctrl-C stops everything.
`;
}
