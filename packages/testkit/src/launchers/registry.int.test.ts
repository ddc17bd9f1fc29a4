import { expect, onTestFinished, test } from 'vitest';
import { startRegistry } from './registry.ts';

const SCHEMA = JSON.stringify({ type: 'record', name: 'Thing', namespace: 'test', fields: [] });

test('a started registry gives ids to schemas and has them when it was killed and started again', async () => {
  const registry = await startRegistry();
  onTestFinished(() => registry.stop());
  const registered = await fetch(`${registry.url}/subjects/thing/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: SCHEMA }),
  });
  const { id } = (await registered.json()) as { id: number };
  await registry.kill();
  await registry.start();
  const found = await fetch(`${registry.url}/schemas/ids/${id}`);
  expect(await found.json()).toMatchObject({ schema: SCHEMA });
});
