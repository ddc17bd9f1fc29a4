/**
 * Loaded before a processor's main: the clock of a machine on which it is wrong. The file that
 * CHAOS_CLOCK names holds by how many ms; SIGUSR2 says that it has jumped.
 */

import { readFileSync } from 'node:fs';

const file = process.env.CHAOS_CLOCK ?? '';
const wall = Date.now;
let shiftMs = 0;

const look = (): void => {
  shiftMs = Number(readFileSync(file, 'utf8'));
};

look();
process.on('SIGUSR2', look);
Date.now = () => wall() + shiftMs;
