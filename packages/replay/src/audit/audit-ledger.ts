/** The net ledger of the delta log against the one that folding from scratch gives. */

import type { Prove, Where } from './finding.ts';
import type { Ledger } from './ledger.ts';

export const auditLedger = (
  published: Ledger<unknown>,
  scratch: Ledger<unknown>,
  prove: Prove,
): void => {
  for (const [key, { content, cause, offset }] of scratch) {
    const found = published.get(key);
    const [place, where] = whereOf(key, offset);
    prove(found !== undefined, 'ledger', () => `${place} is not published: ${content}`, where);
    prove(
      found.content === content,
      'ledger',
      () => `${place} is published as ${found.content}; want ${content}`,
      where,
    );
    prove(
      found.cause === cause,
      'ledger',
      () => `${place} is published with ${found.cause}; want ${cause}`,
      where,
    );
  }
  for (const [key, { content, offset }] of published) {
    const [place, where] = whereOf(key, offset);
    prove(scratch.has(key), 'ledger', () => `${place} is published: ${content}; want none`, where);
  }
};

const whereOf = (key: string, offset: number): readonly [place: string, where: Where] => {
  const [customerId, place] = JSON.parse(key) as [string, string];
  return [place, { customerId, offset }];
};
