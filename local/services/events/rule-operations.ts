import * as z from 'zod';
import type { Rule } from '#local/services/events/event-buses.ts';
import {
  busName,
  type EventsHandler,
  type EventsParts,
  readInput,
  ruleArn,
} from '#local/services/events/events-call.ts';
import { eventsFault } from '#local/services/events/events-fault.ts';

const name = z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/);

/** Strict, so that what has no effect here, as a schedule or a role, is refused and not passed over. */
const newRule = z.strictObject({
  Name: name,
  EventBusName: busName,
  EventPattern: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Description: z.string().optional(),
});

/** Makes a rule, or changes one; its targets stay. */
export const putRule: EventsHandler = (input, parts) => {
  const { Name, EventBusName: bus, EventPattern: pattern, State } = readInput(newRule, input);
  const arn = ruleArn(parts, bus, Name);
  return {
    permissions: [{ action: 'events:PutRule', resource: arn }],
    run: () => {
      requireBus(bus, parts);
      const targets = parts.buses.rule(bus, Name)?.targets ?? [];
      try {
        parts.buses.setRule({ bus, name: Name, pattern, isEnabled: State === 'ENABLED', targets });
      } catch (error) {
        throw eventsFault(
          'InvalidEventPatternException',
          `Event pattern is not valid. Reason: ${error instanceof Error ? error.message : error}`,
          error,
        );
      }
      return { RuleArn: arn };
    },
  };
};

const target = z.strictObject({
  Id: name,
  Arn: z.string().regex(/^arn:aws:sqs:/, 'Only queues are served as targets here.'),
});

const newTargets = z.strictObject({
  Rule: name,
  EventBusName: busName,
  Targets: z.array(target).min(1),
});

/** Adds targets to a rule; one of the same id is replaced. On AWS the queue's policy must let EventBridge in, which is not asked here. */
export const putTargets: EventsHandler = (input, parts) => {
  const { Rule: ruleName, EventBusName: bus, Targets: added } = readInput(newTargets, input);
  return {
    permissions: [{ action: 'events:PutTargets', resource: ruleArn(parts, bus, ruleName) }],
    run: () => {
      const rule = requireRule(bus, ruleName, parts);
      const ids = new Set(added.map(({ Id }) => Id));
      const kept = rule.targets.filter(({ id }) => !ids.has(id));
      const targets = [...kept, ...added.map(({ Id: id, Arn: queueArn }) => ({ id, queueArn }))];
      parts.buses.setRule({ ...rule, targets });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
  };
};

const goneTargets = z.strictObject({
  Rule: name,
  EventBusName: busName,
  Ids: z.array(name).min(1),
});

/** Takes targets from a rule. */
export const removeTargets: EventsHandler = (input, parts) => {
  const { Rule: ruleName, EventBusName: bus, Ids: ids } = readInput(goneTargets, input);
  return {
    permissions: [{ action: 'events:RemoveTargets', resource: ruleArn(parts, bus, ruleName) }],
    run: () => {
      const rule = requireRule(bus, ruleName, parts);
      const targets = rule.targets.filter(({ id }) => !ids.includes(id));
      parts.buses.setRule({ ...rule, targets });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
  };
};

const goneRule = z.strictObject({ Name: name, EventBusName: busName });

/** Deletes a rule, which may have no targets any more; one that is not there is none to delete. */
export const deleteRule: EventsHandler = (input, parts) => {
  const { Name, EventBusName: bus } = readInput(goneRule, input);
  return {
    permissions: [{ action: 'events:DeleteRule', resource: ruleArn(parts, bus, Name) }],
    run: () => {
      if ((parts.buses.rule(bus, Name)?.targets.length ?? 0) > 0)
        throw eventsFault('ValidationException', "Rule can't be deleted since it has targets.");
      parts.buses.deleteRule(bus, Name);
      return {};
    },
  };
};

function requireBus(bus: string, { buses }: EventsParts): void {
  if (!buses.has(bus))
    throw eventsFault('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
}

function requireRule(bus: string, ruleName: string, parts: EventsParts): Rule {
  requireBus(bus, parts);
  const rule = parts.buses.rule(bus, ruleName);
  if (rule) return rule;
  throw eventsFault(
    'ResourceNotFoundException',
    `Rule ${ruleName} does not exist on EventBus ${bus}.`,
  );
}
