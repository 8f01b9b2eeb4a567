/**
 * What the server says of a model that it does not have, for those who write against the API. It is here because the
 * panel has other words for the same thing and must know it when it sees it.
 */
export function noModelMessage(id: string): string {
  return `There is no model ${JSON.stringify(id)}. GET /api/models lists them.`;
}
