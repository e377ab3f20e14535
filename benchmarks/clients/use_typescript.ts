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

async function granted(): Promise<string> {
  const credential = `${given("GOLIVE_CLIENT_ID")}:${given("GOLIVE_CLIENT_SECRET")}`;
  const answer = await fetch(given("GOLIVE_TOKEN_URL"), {
    method: "POST",
    headers: { Authorization: "Basic " + Buffer.from(credential).toString("base64") },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: given("GOLIVE_SCOPE") }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

async function main(): Promise<void> {
  const baseUrl = given("GOLIVE_API_URL").replace(/\/20241001$/, "");
  const patientId = given("GOLIVE_WRITE_PATIENT");
  const client = createClient({ baseUrl, auth: await granted() });

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
    recipients: [{ id: given("GOLIVE_RECIPIENT_ID"), type: "PERSONNEL" }],
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

  const absent = await getMessage({ client, path: { patientMessageId: "999999" } });
  assert.equal(absent.response?.status, 404);
  assert(absent.error && "code" in absent.error);
  console.log(`  getMessage of no message: ${absent.error.code}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
