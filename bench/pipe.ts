// The yardstick: a relay that does nothing but hand bytes from the model endpoint to the reader, with node:http alone.
//   PORT, UPSTREAM (http address of the endpoint)
import { createServer, request } from "node:http";

const upstream = new URL(`${process.env.UPSTREAM}/chat/completions`);

createServer((question, answer) => {
  const call = request(upstream, { method: "POST", headers: { "content-type": "application/json" } }, (response) => {
    answer.writeHead(response.statusCode ?? 502, { "content-type": "text/event-stream" });
    response.pipe(answer);
  });
  answer.on("close", () => call.destroy());
  question.pipe(call);
}).listen(Number(process.env.PORT), "127.0.0.1");
