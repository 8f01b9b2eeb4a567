import "../../components/theme.css";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { browser } from "wxt/browser";
import { Panel } from "../../components/panel/Panel.tsx";
import { followPerson } from "../../lib/chat/follow-person.ts";
import { ChatProvider } from "../../lib/chat/react.tsx";
import { PANEL_PORT } from "../../lib/messaging/catalogue.ts";
import { createKeeperLink } from "../../lib/messaging/keeper-link.ts";
import { ALL_PAGES } from "../../lib/page/page-access.ts";
import { createSettings } from "../../lib/settings.ts";

const root = document.getElementById("root");
if (!root) throw new Error("The side panel's page has no root.");
showPanel(createRoot(root)).catch((error: unknown) => console.error("The side panel could not start", error));

async function showPanel(target: ReturnType<typeof createRoot>): Promise<void> {
  const { id: windowId = browser.windows.WINDOW_ID_NONE } = await browser.windows.getCurrent();
  const link = createKeeperLink({ connect: () => browser.runtime.connect({ name: PANEL_PORT }), windowId });
  const deps = {
    link,
    windowId,
    settings: createSettings(browser.storage, { serverUrl: import.meta.env.WXT_SERVER_URL || undefined }),
    requestPageAccess: (origin = ALL_PAGES) => browser.permissions.request({ origins: [origin] }),
  };
  const build = { version: browser.runtime.getManifest().version, accounts: ACCOUNTS };
  followPerson(deps, (chat, key) => {
    // At once: what the last person saw must not stay for another frame.
    flushSync(() =>
      target.render(
        <ChatProvider key={key} chat={chat}>
          <Panel build={build} />
        </ChatProvider>,
      ),
    );
  });
}

/** Decided when the extension is built. */
const ACCOUNTS = import.meta.env.WXT_CLERK_PUBLISHABLE_KEY
  ? { google: import.meta.env.WXT_GOOGLE_SIGN_IN === true }
  : undefined;
