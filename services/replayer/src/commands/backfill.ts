/** `replayer backfill`: the gauges of the past, for a Prometheus that starts today. */

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Command } from '@holdfast/command/command.ts';
import { readPolicy } from '@holdfast/config/policy.ts';
import { readInstantOrDate } from '@holdfast/contracts/instant-or-date.ts';
import { HoldfastError } from '@holdfast/domain/errors.ts';
import { nameMembers } from '@holdfast/domain/members.ts';
import { DEFAULT_POLICY } from '@holdfast/domain/policy.ts';
import { compileRules, type Rules } from '@holdfast/domain/rules.ts';
import { pastFigures } from '@holdfast/replay/past-figures.ts';
import { withoutAttribute } from '@holdfast/service/figures.ts';
import { pastExposition } from '@holdfast/telemetry/past-exposition.ts';
import { foldEvents } from '../backfill-events.ts';

const MINUTE_MS = 60_000;
const EXAMPLE = '--events docs/examples/events.jsonl --policy docs/examples/policy.yaml';

export const backfill: Command = {
  name: 'backfill',
  summary: 'writes the gauges of the past as OpenMetrics for promtool, one instant after another',
  examples: [
    `${EXAMPLE} --from 2026-01-01 --to 2026-07-01 --out past.om`,
    `${EXAMPLE} --from 2024-07-01 --to 2026-07-01 --every 1440 --out past.om`,
  ],
  flags: {
    events: { value: 'FILE', about: 'events as JSON lines', required: true },
    policy: { value: 'FILE', about: 'policy in JSON or YAML; see docs/CONFIG.md' },
    from: { value: 'INSTANT', about: 'the first instant', required: true },
    to: {
      value: 'INSTANT',
      about: 'no instant is later; where live scrapes begin',
      required: true,
    },
    every: { value: 'MINUTES', about: 'time between two instants; else 60' },
    job: { value: 'NAME', about: 'job of the live series; else holdfast-exporter' },
    instance: { value: 'HOST:PORT', about: 'instance of the live series; else exporter:9464' },
    out: { value: 'FILE', about: 'where to write', required: true },
  },
  run: async (given, world) => {
    const path = given.text('policy');
    const policy =
      path === undefined ? DEFAULT_POLICY : readPolicy(path, (file) => readFileSync(file, 'utf8'));
    const rules = compileRules(policy, { keepAll: true });
    const from = instantOf('from', given.need('from'), rules);
    const to = instantOf('to', given.need('to'), rules);
    const everyMs = minutesOf(given.text('every') ?? '60') * MINUTE_MS;
    const { customers, bad } = await foldEvents(rules, given.need('events'), world.now());
    if (bad > 0) world.err(`${bad} lines left out as bad; see holdfast check\n`);
    const exposition = pastExposition(policy.reportingCurrency, {
      job: given.text('job') ?? 'holdfast-exporter',
      instance: given.text('instance') ?? 'exporter:9464',
    });
    const out = openSync(given.need('out'), 'w');
    try {
      writeSync(out, exposition.head);
      for (const past of pastFigures(rules, customers, instants(from, to, everyMs))) {
        const figures = {
          asOf: past.asOf,
          rows: nameMembers(past.rows, policy.dimensions),
          largestLossMinor: past.largestLosses,
          withoutAttribute: withoutAttribute(past.rows, policy),
        };
        writeSync(out, exposition.at(figures));
      }
      writeSync(out, exposition.end);
    } finally {
      closeSync(out);
    }
    return 0;
  },
};

function* instants(from: number, to: number, everyMs: number): Generator<number> {
  for (let at = from; at <= to; at += everyMs) yield at;
}

function instantOf(flag: string, text: string, { zone }: Rules): number {
  const read = readInstantOrDate(text, zone, 'first');
  if ('at' in read) return read.at;
  throw new HoldfastError('usage', `--${flag} "${text}"; want ${read.want}`);
}

function minutesOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new HoldfastError('usage', `--every "${text}"; want whole minutes, 1 to 999999`);
}
