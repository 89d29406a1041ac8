import "./style.css";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { takeLinkToken } from "./session/link";
import { App } from "./shell/App";
import { RestRefused } from "./shell/rest";

const queries = new QueryClient({
  defaultOptions: {
    // What the server refused it refuses again; only an unreachable one is worth another try.
    queries: { retry: (failures, error) => !(error instanceof RestRefused && error.status < 500) && failures < 3 },
  },
});

const link = takeLinkToken(location, history);

// A link pasted into an open page only changes the fragment, which loads nothing.
addEventListener("hashchange", () => {
  if (location.hash) location.reload();
});

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App link={link} />
    </QueryClientProvider>
  </StrictMode>,
);
