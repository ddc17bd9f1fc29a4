import { codeOf } from '@holdfast/testkit/code-of.ts';
import { describeWithServices, uniqueName } from '@holdfast/testkit/services.ts';
import { expect, test } from 'vitest';
import { schemaRegistry, subjectOf } from './registry.ts';

const schemaText = (fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name: uniqueName('R').replace('-', ''), fields });

describeWithServices('schema registry', (services) => {
  const open = () => schemaRegistry({ url: services().registryUrl, clientId: 'holdfast-test' });

  test('a registered schema is fetched by its id, and registering it again gives the same id', async () => {
    const registry = open();
    const subject = subjectOf(uniqueName('topic'), 'holdfast.R');
    const text = schemaText([{ name: 'a', type: 'string', default: '' }]);

    const id = await registry.registerSchema(subject, text);

    expect(JSON.parse((await registry.fetch(id))!)).toEqual(JSON.parse(text));
    expect(await registry.registerSchema(subject, text)).toBe(id);
    expect(await open().registerSchema(subject, text)).toBe(id);
  });

  test('an id that it does not know is null', async () => {
    expect(await open().fetch(2_000_000_000)).toBe(null);
  });

  test('a version that readers of any version before could not read is refused', async () => {
    const registry = open();
    const subject = subjectOf(uniqueName('topic'), 'holdfast.R');
    const name = uniqueName('R').replace('-', '');
    const version = (...fields: readonly object[]) =>
      JSON.stringify({ type: 'record', name, fields });
    const a = { name: 'a', type: 'string', default: '' };
    const b = { name: 'b', type: 'string', default: '' };
    const bWithoutDefault = { name: 'b', type: 'string' };
    await registry.registerSchema(subject, version(a));
    await registry.registerSchema(subject, version(a, b));

    // Compatible with the last version alone, not with the first.
    expect(await codeOf(registry.registerSchema(subject, version(a, bWithoutDefault)))).toBe(
      'schema_refused',
    );
  });

  test('a subject that was made without a level gets ours; another level is refused', async () => {
    const subject = subjectOf(uniqueName('topic'), 'holdfast.R');
    const text = schemaText([{ name: 'a', type: 'string', default: '' }]);
    const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
      const response = await fetch(`${services().registryUrl}${path}`, {
        method,
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(response.ok, await response.clone().text()).toBe(true);
      return response.json();
    };
    const made = await ask('POST', `/subjects/${subject}/versions`, { schema: text });

    expect({ id: await open().registerSchema(subject, text) }).toMatchObject(made as object);
    expect(await ask('GET', `/config/${subject}`)).toEqual({
      compatibilityLevel: 'BACKWARD_TRANSITIVE',
    });
    await ask('PUT', `/config/${subject}`, { compatibility: 'FORWARD' });
    expect(await codeOf(open().registerSchema(subject, text))).toBe('schema_refused');
  });

  test('services that start together register the same schemas', async () => {
    const text = schemaText([]);
    for (let round = 0; round < 20; round += 1) {
      const subject = subjectOf(uniqueName('topic'), 'holdfast.R');
      const starting = Array.from({ length: 6 }, () => open().registerSchema(subject, text));
      expect(new Set(await Promise.all(starting)).size).toBe(1);
    }
  });

  test('what is no schema is refused', async () => {
    const subject = subjectOf(uniqueName('topic'), 'holdfast.R');
    expect(await codeOf(open().registerSchema(subject, '{"type": "nonsense"}'))).toBe(
      'schema_refused',
    );
  });

  test('a registry that does not answer is unavailable, for reading and for registering', async () => {
    const registry = schemaRegistry({ url: 'http://127.0.0.1:1', clientId: 'holdfast-test' });
    expect(await codeOf(registry.fetch(1))).toBe('registry_unavailable');
    expect(await codeOf(registry.registerSchema('s', schemaText([])))).toBe('registry_unavailable');
  });
});
