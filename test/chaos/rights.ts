/** Takes the right to write to a topic away from everyone, and gives it back. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
// Node does not see all names among the exports of a CommonJS module.
import kafkajs from 'kafkajs';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** Brokers that hold clients to their rights; where none are set, everything is allowed. */
export const RIGHTS = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
  // Controllers must know each other before they know any rights, or several never elect one.
  'super.users': 'User:node',
  'sasl.mechanism.controller.protocol': 'PLAIN',
  'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
  'listener.name.controller.plain.sasl.jaas.config':
    'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
    'username="node" password="node" user_node="node";',
};

export interface Rights {
  deny(topic: string): Promise<void>;
  allow(topic: string): Promise<void>;
}

const AGAIN_MS = 200;
const WITHIN_MS = 120_000;

/** Brokers may be away when they are told. */
const untilTold = async (tell: () => Promise<unknown>): Promise<void> => {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      await tell();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(AGAIN_MS);
    }
  }
};

const of = (topic: string) => ({
  resourceType: AclResourceTypes.TOPIC,
  resourceName: topic,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: 'User:*',
  host: '*',
});

export const rightsBy = (admin: Admin): Rights => ({
  deny: async (topic) => {
    await untilTold(() =>
      admin.createAcls({
        acl: [
          // Where anything is set for a topic, only what is allowed is.
          {
            ...of(topic),
            operation: AclOperationTypes.ALL,
            permissionType: AclPermissionTypes.ALLOW,
          },
          {
            ...of(topic),
            operation: AclOperationTypes.WRITE,
            permissionType: AclPermissionTypes.DENY,
          },
        ],
      }),
    );
  },
  allow: async (topic) => {
    await untilTold(() =>
      admin.deleteAcls({
        filters: [
          {
            ...of(topic),
            operation: AclOperationTypes.WRITE,
            permissionType: AclPermissionTypes.DENY,
          },
        ],
      }),
    );
  },
});
