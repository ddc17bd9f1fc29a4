/**
 * A certificate authority for the length of a test, and what it says of servers on 127.0.0.1. Made
 * by openssl, valid for two days, gone with the folder.
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** Needs openssl 3. */
export const makeCertificates = async (folder: string): Promise<Certificates> => {
  const [ca, caKey, cert, key] = ['ca.pem', 'ca.key', 'server.pem', 'server.key'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await run('openssl', [
    ...['req', '-x509', ...KEY, '-keyout', caKey, '-out', ca],
    ...['-subj', '/CN=holdfast test authority'],
  ]);
  await run('openssl', [
    ...['req', '-x509', ...KEY, '-CA', ca, '-CAkey', caKey, '-keyout', key, '-out', cert],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
  ]);
  return { ca, cert, key };
};
