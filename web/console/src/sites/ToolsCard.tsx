import { Card } from "../settings/parts";
import type { Tool } from "./settings";
import { Heading } from "./SiteForm";
import { siteWords as say } from "./words";

/** What is set on the server, so that one knows what the assistant may do. */
export function ToolsCard({ tools }: { tools: readonly Tool[] }) {
  if (tools.length === 0) return null;
  return (
    <Card>
      <Heading lead={say.toolsLead}>{say.tools}</Heading>
      <ul className="divide-y divide-line border-y border-line">
        {tools.map(({ kind, name, address, permission }) => (
          <li key={`${kind} ${name}`} className="flex flex-wrap items-baseline gap-x-3 py-2">
            <span className="font-medium">{name}</span>
            <span className="min-w-0 flex-1 basis-48 text-[13px]/5 [overflow-wrap:anywhere] text-ink-soft">{address}</span>
            <span className="text-[13px]/5 text-ink-soft">{permission === null ? say.server : say.permission[permission]}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
