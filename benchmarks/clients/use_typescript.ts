// Calls every operation with the client that @hey-api/openapi-ts has made; any surprise ends it with an error.
import assert from "node:assert/strict";

import {
  getMessage,
  listInboxItems,
  listSentItems,
  sendMessage,
  updateMessageStatus,
  type CreateSentItemDetails,
  type InboxItem,
  type PatientMessage,
  type SentItem,
} from "./messages_api";
import { createClient } from "./messages_api/client";

function given(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

async function main(): Promise<void> {
  const baseUrl = given("MESSAGES_API");
  const patientId = given("MESSAGES_PATIENT");
  const client = createClient({ baseUrl, auth: given("MESSAGES_TOKEN") });

  const inbox = await listInboxItems({
    client,
    query: { patientId, createDateTimeGreaterThanOrEqualTo: "2020-01-01T00:00:00Z" },
    throwOnError: true,
  });
  const first: InboxItem = inbox.data.items[0];
  console.log(`  listInboxItems: ${inbox.data.items.length} items, the first ${first.status}`);

  const read = await getMessage({ client, path: { patientMessageId: first.id }, throwOnError: true });
  const message: PatientMessage = read.data;
  assert.equal(message.subject, first.subject);
  assert.deepEqual(message.createDateTime, first.createDateTime);
  console.log(`  getMessage: ${message.content.length} characters, ${message.createDateTime.timeZone}`);

  const body: CreateSentItemDetails = {
    content:
      '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Test</title></head>' +
      "<body><p>Made by a generated client.</p></body></html>",
    messageSender: { id: patientId, type: "PERSON" },
    patientId,
    recipients: [{ id: given("MESSAGES_RECIPIENT"), type: "PERSONNEL" }],
    subject: "From a generated client",
  };
  const sent = await sendMessage({ client, body, throwOnError: true });
  const listed = await listSentItems({ client, query: { patientId }, throwOnError: true });
  const found: SentItem | undefined = listed.data.items.find((item) => item.id === sent.data.id);
  assert(found);
  console.log(`  sendMessage, listSentItems: ${found.subject}`);

  const { id, notificationVersion, recipientNotificationVersion } = first;
  assert(notificationVersion !== undefined && recipientNotificationVersion !== undefined);
  const status = first.status === "OPENED" ? "UNREAD" : "OPENED";
  await updateMessageStatus({
    client,
    body: { messages: [{ id, notificationVersion, recipientNotificationVersion }], patientId, status },
    throwOnError: true,
  });
  const again = await getMessage({ client, path: { patientMessageId: id }, throwOnError: true });
  assert.equal(again.data.status, status);
  console.log(`  updateMessageStatus: ${first.status} to ${again.data.status}`);

  const stranger = createClient({ baseUrl, auth: "no-token" });
  const refused = await getMessage({ client: stranger, path: { patientMessageId: id } });
  assert.equal(refused.response?.status, 401);
  assert(refused.error && "code" in refused.error);
  console.log(`  refused without a token: ${refused.error.code}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
