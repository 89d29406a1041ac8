import "./style.css";

import { render } from "preact";

import { App } from "./App";
import { openChat } from "./chat";

const site = document.documentElement.dataset.site ?? "";
const root = document.getElementById("chat");
if (!root) throw new Error("The page has no #chat");
render(<App chat={openChat(site)} siteKey={site} />, root);
