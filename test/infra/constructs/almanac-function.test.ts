import { describe, expect, it } from 'vitest';
import { almanacTemplate } from '#test/support/almanac-template.ts';

const resources = Object.entries(almanacTemplate('dev').Resources);
const functions = resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
const roles = resources.filter(([, { Type }]) => Type === 'AWS::IAM::Role');

describe('AlmanacFunction', () => {
  it('runs every function on Node 24 and arm64, logging to a group of its own, without reserved concurrency', () => {
    expect(functions).toHaveLength(17);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogGroup: { Ref: expect.stringMatching(/Log[0-9A-F]{8}$/) } },
      });
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  it('writes every policy into its role, so that whatever waits for a function has waited for its policy', () => {
    expect(roles).toHaveLength(22);
    for (const [, { Properties }] of roles) {
      expect(Properties['Policies']).toHaveLength(1);
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    }
    expect(resources.filter(([, { Type }]) => Type === 'AWS::IAM::Policy')).toEqual([]);
  });

  it('gives no action by wildcard, and `*` as a resource to ListStreams alone', () => {
    const statements = roles.flatMap(([, { Properties }]) =>
      JSON.stringify(Properties['Policies'])
        .split('"Action":')
        .slice(1)
        .map((text) => text.slice(0, text.indexOf('"}') + 1)),
    );

    expect(statements.filter((text) => /"[a-z]+:[A-Za-z]*\*/.test(text))).toEqual([]);
    const onAnything = statements.filter((text) => text.includes('"Resource":"*"'));
    expect(onAnything).toEqual(
      onAnything.map(() => '"dynamodb:ListStreams","Effect":"Allow","Resource":"*"'),
    );
    expect(onAnything).toHaveLength(3);
  });

  it('keeps logs for a week in dev and a quarter in prod', () => {
    const retentions = (stage: 'dev' | 'prod') =>
      Object.values(almanacTemplate(stage).Resources)
        .filter(({ Type }) => Type === 'AWS::Logs::LogGroup')
        .map(({ Properties }) => Properties['RetentionInDays']);

    expect(new Set(retentions('dev'))).toEqual(new Set([7]));
    expect(new Set(retentions('prod'))).toEqual(new Set([90]));
  });
});
