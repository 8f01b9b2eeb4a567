import "../../components/theme.css";
import { createRoot } from "react-dom/client";
import { browser } from "wxt/browser";
import { Panel } from "../../components/panel/Panel.tsx";
import { createChat } from "../../lib/chat/create-chat.ts";
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
  const chat = createChat({
    link,
    windowId,
    settings: createSettings(browser.storage),
    requestPageAccess: (origin = ALL_PAGES) => browser.permissions.request({ origins: [origin] }),
  });
  chat.start();
  target.render(
    <ChatProvider chat={chat}>
      <Panel version={browser.runtime.getManifest().version} />
    </ChatProvider>,
  );
}
