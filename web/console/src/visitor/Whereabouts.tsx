import type { ContextPush } from "@havana/protocol";
import { clockTime, fullTime, safeHref } from "@havana/ui";

import { useLive } from "../shell/live";
import { useHalfMinute } from "../shell/useTick";
import { languageName } from "../thread/lines";
import { Line, LINES } from "./Line";
import { localTime, presenceLine, siteName } from "./whereabouts";
import { about } from "./words";

/** Whether the visitor has a page open. */
export function Presence({ told }: { told: ContextPush | null }) {
  const { client } = useLive();
  useHalfMinute();
  const line = told ? presenceLine(told.here, told.context, new Date(client.now())) : "";
  if (!told || !line) return null;
  return (
    <p className="flex items-center gap-1.5 text-[13px]/5 text-ink-soft" title={told.context ? fullTime(told.context.seen_at) : undefined}>
      {/* Filled for here and hollow for gone: the words say the same. */}
      <span
        aria-hidden="true"
        className={`size-2 shrink-0 rounded-full border ${told.here ? "border-palm bg-palm" : "border-ink-soft"}`}
      />
      {line}
    </p>
  );
}

/** The page that the visitor looks at, what led there, and what is known of their side of the world. */
export function Whereabouts({ told }: { told: ContextPush | null }) {
  const context = told?.context;
  if (!context) return null;
  const { page, referrer, device, language, zone } = context;
  return (
    <dl className={`${LINES} border-t border-line p-4`}>
      {page ? (
        <Line name={told.here ? about.page : about.lastPage}>
          <Address name={page.title || page.path} address={page.path} />
          <p className="text-xs/4 text-ink-soft tabular-nums" title={fullTime(context.since)}>
            {page.title ? (
              <>
                <bdi>{page.path}</bdi> ·{" "}
              </>
            ) : null}
            {about.since(clockTime(context.since))}
          </p>
        </Line>
      ) : null}
      {referrer ? (
        <Line name={about.cameFrom}>
          <Address name={siteName(referrer)} address={referrer} />
        </Line>
      ) : null}
      {device ? <Line name={about.device}>{device}</Line> : null}
      {language ? <Line name={about.language}>{languageName(language)}</Line> : null}
      {zone ? <LocalTime zone={zone} /> : null}
    </dl>
  );
}

/** A link where it leads somewhere by itself; a path of the website is only read. */
function Address({ name, address }: { name: string; address: string }) {
  const href = /^https?:/.test(address) ? safeHref(address) : null;
  // A long one goes on below after a slash.
  const parts = name.split(/(?<=\/)/).map((part, at) => [at > 0 && <wbr key={at} />, part]);
  if (!href) return <bdi>{parts}</bdi>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className="text-palm underline underline-offset-2">
      <bdi>{parts}</bdi>
    </a>
  );
}

function LocalTime({ zone }: { zone: string }) {
  const { client } = useLive();
  useHalfMinute();
  const local = localTime(zone, new Date(client.now()));
  if (!local) return null;
  return (
    <Line name={about.time}>
      <span className="tabular-nums" title={zone}>
        {local.time}
      </span>
      {local.apart ? <span className="block text-xs/4 text-ink-soft tabular-nums">{local.apart}</span> : null}
    </Line>
  );
}
