/**
 * A fetch whose answers cannot fill the memory: one message, that is a whole body or one event of an event stream, may
 * have 10 MB, which is the SDK's limit for stdio too. A longer one breaks the body with an error.
 */
export async function fetchWithLimit(url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.body === null || !response.ok) return response;
  const streams = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(messageLimit(streams)), { status, statusText, headers });
}

function messageLimit(streams: boolean): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      // An event may have ended in this chunk: what comes after its last line break is all that can still grow.
      const lineEnd = streams ? chunk.lastIndexOf(LINE_FEED) : -1;
      bytes = lineEnd === -1 ? bytes + chunk.length : chunk.length - lineEnd - 1;
      if (bytes > MESSAGE_BYTES) throw new Error(`a message of the server is longer than ${MESSAGE_BYTES} bytes`);
      controller.enqueue(chunk);
    },
  });
}

const LINE_FEED = 10;
const MESSAGE_BYTES = 10 * 1024 * 1024;
