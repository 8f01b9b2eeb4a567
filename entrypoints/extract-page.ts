import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { extractPage } from "../lib/page/extract-page.ts";

/** Injected into the page that the person asks about; what it returns is what `scripting.executeScript` resolves with. */
export default defineUnlistedScript(() => extractPage(window));
