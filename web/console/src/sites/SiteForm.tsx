import type { ReactNode } from "react";

import { Card, Outcome, Switch } from "../settings/parts";
import { FIELD, INPUT, Labelled } from "../shell/fields";
import { Assigning } from "../teams/Assigning";
import { linesIn, type NumberName, type SiteFields } from "./editing";
import { HoursCard } from "./HoursCard";
import { PageCard } from "./PageCard";
import { Preview } from "./Preview";
import type { Problems } from "./problems";
import type { Settings } from "./settings";
import { ToolsCard } from "./ToolsCard";
import { WordsCard } from "./WordsCard";
import { siteWords as say } from "./words";

export interface Part {
  site: Settings;
  fields: SiteFields;
  problems: Problems;
  onChange: (some: Partial<SiteFields>) => void;
}

/** Everything that is set about a website, in the order in which one thinks of it. */
export function SiteForm(part: Part) {
  return (
    <>
      <PageCard site={part.site} />
      <FirstScreen {...part} />
      <WhoAnswers {...part} />
      <HoursCard {...part} />
      <GivenTo {...part} />
      <Numbers {...part} heading={say.waits} names={["wait_target_s", "remind_after_s", "agent_gone_after_s", "approval_s", "idle_close_after_s"]} />
      <Numbers {...part} heading={say.limits} lead={say.limitsLead} names={["answers_per_hour", "answer_tokens", "money_per_day"]} />
      <WordsCard {...part} />
      <Card>
        <Switch label={say.tellsPage} hint={say.tellsPageHint} on={part.fields.tells_page} onChange={(tells_page) => part.onChange({ tells_page })} />
      </Card>
      <ToolsCard tools={part.site.tools} />
    </>
  );
}

export function Heading({ children, lead }: { children: ReactNode; lead?: string }) {
  return (
    <div>
      <h3 className="font-medium">{children}</h3>
      {lead === undefined ? null : <p className="text-[13px]/5 text-ink-soft">{lead}</p>}
    </div>
  );
}

function FirstScreen({ fields, problems, onChange }: Part) {
  return (
    <Card>
      <Heading>{say.first}</Heading>
      <div className="grid gap-4 @xl:grid-cols-[minmax(0,1fr)_15rem]">
        <div className="flex flex-col gap-4">
          <Labelled label={say.name} hint={say.nameHint} problem={problems.name}>
            {(field) => <input {...field} maxLength={200} dir="auto" autoComplete="off" value={fields.name} onChange={(event) => { onChange({ name: event.target.value }); }} className={INPUT} />}
          </Labelled>
          <Labelled label={say.greeting} problem={problems.greeting}>
            {(field) => <textarea {...field} rows={2} dir="auto" value={fields.greeting} onChange={(event) => { onChange({ greeting: event.target.value }); }} className={`py-2 ${FIELD}`} />}
          </Labelled>
          <Labelled label={say.suggestions} hint={say.suggestionsHint} problem={problems.suggestions}>
            {(field) => <textarea {...field} rows={4} dir="auto" value={fields.suggestions} onChange={(event) => { onChange({ suggestions: event.target.value }); }} className={`py-2 ${FIELD}`} />}
          </Labelled>
          <Labelled label={say.call} hint={say.callHint} problem={problems.call_url}>
            {(field) => <input {...field} type="url" inputMode="url" dir="ltr" autoComplete="off" placeholder={say.callPlaceholder} value={fields.call_url} onChange={(event) => { onChange({ call_url: event.target.value }); }} className={INPUT} />}
          </Labelled>
        </div>
        <Preview name={fields.name} greeting={fields.greeting} suggestions={linesIn(fields.suggestions)} />
      </div>
    </Card>
  );
}

function WhoAnswers({ fields, problems, onChange }: Part) {
  return (
    <Card>
      <Heading>{say.about}</Heading>
      <Labelled label={say.assistant} problem={problems.assistant}>
        {(field) => <input {...field} maxLength={200} dir="auto" autoComplete="off" value={fields.assistant} onChange={(event) => { onChange({ assistant: event.target.value }); }} className={INPUT} />}
      </Labelled>
      <Labelled label={say.persona} hint={say.personaHint} problem={problems.persona}>
        {(field) => <textarea {...field} rows={6} dir="auto" value={fields.persona} onChange={(event) => { onChange({ persona: event.target.value }); }} className={`py-2 ${FIELD}`} />}
      </Labelled>
    </Card>
  );
}

function GivenTo({ fields, problems, onChange }: Part) {
  return (
    <Card>
      <Heading lead={say.givenLead}>{say.given}</Heading>
      <Assigning fields={fields} onChange={onChange} />
      {problems.answer_within_s ? <Outcome failed text={problems.answer_within_s} /> : null}
    </Card>
  );
}

function Numbers({ fields, problems, onChange, heading, lead, names }: Part & { heading: string; lead?: string; names: readonly NumberName[] }) {
  return (
    <Card>
      <Heading {...(lead === undefined ? {} : { lead })}>{heading}</Heading>
      <div className="grid items-start gap-4 @xl:grid-cols-2">
        {names.map((name) => (
          <Labelled key={name} label={say.number[name][0]} hint={say.number[name][1]} problem={problems[name]}>
            {(field) => <input {...field} inputMode="decimal" autoComplete="off" value={fields.numbers[name]} onChange={(event) => { onChange({ numbers: { ...fields.numbers, [name]: event.target.value } }); }} className={`${INPUT} tabular-nums`} />}
          </Labelled>
        ))}
      </div>
    </Card>
  );
}
