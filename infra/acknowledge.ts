import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The kinds of grounds on which a finding of cdk-nag may stand; a reason that is none of these is a finding to mend. */
type Grounds =
  /** AWS has no narrower form of what the rule asks to narrow. */
  | 'no-narrower-form'
  /** The keys are made at run time, under a prefix that is ours alone. */
  | 'keys-made-at-run-time'
  /** What the rule would close is meant to be open. */
  | 'open-by-design'
  /** The rule asks for something behind this resource, and this is the last in its line. */
  | 'end-of-the-line'
  /** What the rule asks for would cost more than it would tell. */
  | 'costs-more-than-it-tells';

/** Why a finding stands. */
export interface Reason {
  readonly grounds: Grounds;
  /** One sentence for an auditor, about this very resource. */
  readonly because: string;
}

/** The rules of the AwsSolutions pack that the stack may stand against. */
export type NagFinding =
  | 'AwsSolutions-S1'
  | 'AwsSolutions-SQS3'
  | 'AwsSolutions-APIG4'
  | `AwsSolutions-IAM5[Resource::${string}]`;

/**
 * Lets one finding of cdk-nag stand on a construct, with its reason.
 *
 * @see https://github.com/cdklabs/cdk-nag#acknowledging-a-rule
 */
export function acknowledge(construct: IConstruct, finding: NagFinding, reason: Reason): void {
  Validations.of(construct).acknowledge({
    id: finding,
    reason: `${reason.grounds}: ${reason.because}`,
  });
}
