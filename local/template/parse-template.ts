import * as z from 'zod';
import { TemplateError } from '#local/template/template-error.ts';

/** A value of a template before its intrinsic functions are resolved, or after. */
export type Json = string | number | boolean | null | Json[] | { readonly [key: string]: Json };

const json: z.ZodType<Json> = z.json();
const anything = z.unknown().optional();

const parameter = z.strictObject({
  Type: z.string(),
  Default: z.union([z.string(), z.number()]).transform(String).optional(),
  // Constraints guard values that people type; here the values are the template's own defaults.
  AllowedPattern: anything,
  AllowedValues: anything,
  ConstraintDescription: anything,
  Description: anything,
  MaxLength: anything,
  MaxValue: anything,
  MinLength: anything,
  MinValue: anything,
  NoEcho: anything,
});

const resource = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), json).default({}),
  DependsOn: z.union([z.string().transform((id) => [id]), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
  // What becomes of a resource when the stack changes: the local cloud only ever creates stacks.
  DeletionPolicy: anything,
  UpdateReplacePolicy: anything,
  // Notes for people and tools.
  Metadata: anything,
});

const output = z.strictObject({
  Value: json,
  Condition: z.string().optional(),
  Description: anything,
  // Other stacks read exports, and there is only one.
  Export: anything,
});

const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.literal('2010-09-09').optional(),
  Parameters: z.record(z.string(), parameter).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), json))).default({}),
  Conditions: z.record(z.string(), json).default({}),
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), output).default({}),
  Description: anything,
  Metadata: anything,
  // Assertions about a deployment's parameters: CDK's only one asks for the version of its bootstrap stack.
  Rules: anything,
});

/** A CloudFormation template whose sections are known, and whose values are not resolved yet. */
export type Template = z.infer<typeof templateSchema>;

/**
 * Reads a CloudFormation template, section by section.
 *
 * @throws {TemplateError} for a section or attribute that is not known, as `Transform` or `CreationPolicy`.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function parseTemplate(value: unknown): Template {
  const parsed = templateSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TemplateError(
    parsed.error.issues.map(
      ({ path, message }) =>
        `Expected the template's ${path.join('.') || 'sections'} to be as the local cloud knows them, got: ${message}.`,
    ),
  );
}
