/** Writes deploy/grafana/boards: `node deploy/grafana/main.ts`. */

import { writeFileSync } from 'node:fs';
import { asText, boards } from './boards.ts';

for (const [name, board] of Object.entries(boards())) {
  writeFileSync(new URL(`boards/${name}`, import.meta.url), asText(board));
}
