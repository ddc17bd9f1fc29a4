/**
 * `pnpm test:mutation`: Stryker over packages/domain, then the score and every mutant that no test
 * kills. Fails below 90 % killed, and where those mutants and the ones that docs/TESTING.md reasons
 * are not the same. Arguments go to Stryker: `--mutate packages/domain/src/chain.ts` is one file.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  againstDocument,
  countsOf,
  type MutationReport,
  mutantsOf,
  survivorsOf,
} from './survivors.ts';

const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

const REPORT = inRepository('.cache/mutation.json');

await rm(REPORT, { force: true });
const stryker = spawn(
  inRepository('node_modules/.bin/stryker'),
  ['run', 'test/mutation/stryker.json', ...process.argv.slice(2)],
  { stdio: 'inherit', cwd: inRepository('') },
);
const [code] = (await once(stryker, 'close')) as [number | null];

const report: MutationReport = JSON.parse(await readFile(REPORT, 'utf8'));
const { unreasoned, gone } = againstDocument(
  report,
  await readFile(inRepository('docs/TESTING.md'), 'utf8'),
);

const list = (title: string, lines: readonly string[]): void => {
  console.log([`\n${title}: ${lines.length}`, ...lines].join('\n'));
};
// An endless loop; but on a machine that is busy elsewhere it may be one that lives.
list('Killed by running too long', mutantsOf(report, ['Timeout']));
list('No test kills', survivorsOf(report));
list('Of these not reasoned in docs/TESTING.md', unreasoned);
list('Reasoned in docs/TESTING.md, but not alive', gone);

const counts = countsOf(report);
const of = (...statuses: readonly string[]): number =>
  statuses.reduce((sum, status) => sum + (counts.get(status) ?? 0), 0);
const killed = of('Killed', 'Timeout');
const judged = killed + of('Survived', 'NoCoverage');
console.log(
  `\n${((100 * killed) / judged).toFixed(1)} % killed: ${killed} of ${judged} mutants ` +
    `(${of('Timeout')} by running too long; ${of('RuntimeError')} that did not even load left out)`,
);
process.exitCode = code === 0 && unreasoned.length + gone.length > 0 ? 1 : (code ?? 1);
