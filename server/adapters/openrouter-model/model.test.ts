import { startScriptedUpstream } from "../../../tests/fixtures/scripted-upstream.ts";
import { answer, words } from "../../../tests/fixtures/upstream-script.ts";
import { describeModel } from "../../ports/model.contract.ts";
import { createOpenRouterModel } from "./index.ts";

describeModel("an OpenAI-compatible endpoint", async () => {
  const upstream = await startScriptedUpstream(() => answer({ tokens: words(60), everyMs: 3 }));
  const model = createOpenRouterModel({ baseUrl: upstream.baseUrl, apiKey: "a-key", idleTimeoutMs: 20_000 });
  return { model, close: upstream.close };
});
