/** `holdfast check`: every line that would be dead-lettered, with its reason. */

import type { Command } from '@holdfast/command/command.ts';
import { isRejection } from '@holdfast/domain/rejection.ts';
import { readEvents } from '../events.ts';
import { EVENTS_FLAG, POLICY_FLAG, readRules } from '../file-flags.ts';
import { count } from '../format.ts';

export const check: Command = {
  name: 'check',
  summary: 'every line that would be dead-lettered: number, tab, reason, tab, message',
  examples: [
    '--events docs/examples/events.jsonl --policy docs/examples/policy.yaml',
    '--events docs/examples/broken.jsonl',
  ],
  flags: { ...EVENTS_FLAG, ...POLICY_FLAG },
  async run(given, world) {
    const rules = readRules(given);
    let [lines, bad] = [0, 0];
    for await (const events of readEvents(world, rules, given.need('events'))) {
      lines += events.length;
      for (const { number, event } of events) {
        if (!isRejection(event)) continue;
        bad += 1;
        world.out(`${number}\t${event.rejected}\t${inOneField(event.message)}\n`);
      }
    }
    world.err(`${count(bad)} of ${count(lines)} lines would be dead-lettered\n`);
    return bad === 0 ? 0 : 1;
  },
};

/** A message quotes what was found, which may hold anything. */
const inOneField = (message: string): string => message.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
