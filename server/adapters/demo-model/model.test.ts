import { describeModel } from "../../ports/model.contract.ts";
import { createDemoModel } from "./index.ts";

describeModel("the demo model", async () => ({
  model: createDemoModel({ wordsPerSecond: 400 }),
  close: () => Promise.resolve(),
}));
