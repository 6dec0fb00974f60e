import { Validations } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { AlmanacStack } from '#infra/almanac-stack.ts';
import { TASKS } from '#infra/tasks.ts';
import { anApp } from '#test/support/almanac-template.ts';

describe('the AwsSolutions rules', () => {
  it.each(['dev', 'prod'] as const)('find nothing in %s that is not acknowledged', (stage) => {
    const stack = new AlmanacStack(anApp(), { stage, tasks: TASKS });

    expect(new AwsSolutionsChecks().validateScope(stack)).toEqual({
      success: true,
      violations: [],
    });
  });

  it('would find a bucket that takes requests without TLS', () => {
    const stack = new AlmanacStack(anApp(), { stage: 'dev', tasks: TASKS });
    new CfnBucket(stack, 'Open');

    const { violations } = new AwsSolutionsChecks().validateScope(stack);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-S10');
  });

  it('stand against nothing but what has a finding: each acknowledgement is needed', () => {
    const stack = new AlmanacStack(anApp(), { stage: 'dev', tasks: TASKS });
    const acknowledged = stack.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata.flatMap(({ type, data }) =>
          type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY
            ? Object.keys(data).map((id) => `${id.replace(/^annotation::/i, '')} ${node.path}`)
            : [],
        ),
      );
    for (const { node } of stack.node.findAll())
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .forEach(({ data }) => {
          for (const id of Object.keys(data)) delete data[id];
        });

    const found = new AwsSolutionsChecks()
      .validateScope(stack)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(
          ({ constructPath = '' }) => `${ruleName} ${constructPath.replace(/\/Resource$/, '')}`,
        ),
      );
    expect(acknowledged.toSorted()).toEqual(found.toSorted());
  });
});
