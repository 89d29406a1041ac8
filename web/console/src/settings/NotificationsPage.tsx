import { Button, icons } from "@havana/ui";
import { useState } from "react";

import { permission } from "../inbox/desktop";
import { playTone, SOUNDS } from "../inbox/tone";
import { Failed, ListSkeleton } from "../knowledge/parts";
import { useChoose, useProfile, type Notifications, type QuietHours, type Sound } from "../profile/profile";
import { useSendsMail } from "../session/mail";
import { INPUT, Labelled } from "../shell/fields";
import { words } from "../words";
import { Card, Outcome, Row, Switch } from "./parts";

interface Part {
  chosen: Notifications;
  choose: (some: Partial<Notifications>) => void;
}

/** How one is told that somebody waits. What is chosen holds at once, here and on one's other machines. */
export function NotificationsPage() {
  const { data, isPending } = useProfile();
  const { choose, isError, isSuccess } = useChoose();
  const sendsMail = useSendsMail();
  const say = words.settings.notifications;
  return (
    <>
      <h2 className="text-base/6 font-semibold">{say.heading}</h2>
      <p className="mb-4 text-ink-soft">{say.lead}</p>
      {isPending ? <ListSkeleton /> : null}
      {!isPending && !data ? <Failed text={words.settings.profile.notLoaded} /> : null}
      {data ? (
        <>
          <SoundCard chosen={data.notifications} choose={choose} />
          <DesktopCard chosen={data.notifications} choose={choose} />
          {sendsMail ? <MailCard chosen={data.notifications} choose={choose} /> : null}
          <QuietCard chosen={data.notifications} choose={choose} />
          <Outcome text={isError ? say.failed : isSuccess ? say.saved : ""} failed={isError} />
        </>
      ) : null}
    </>
  );
}

function SoundCard({ chosen, choose }: Part) {
  const say = words.settings.notifications;
  const { sound_on: on, sound, volume } = chosen;
  return (
    <Card>
      <Switch label={say.sound} hint={say.soundHint} on={on} onChange={(sound_on) => choose({ sound_on })} />
      {on ? (
        <Row>
          <Labelled label={say.which}>
            {(field) => (
              <select {...field} value={sound} onChange={(event) => choose({ sound: event.target.value as Sound })} className={INPUT}>
                {(Object.keys(SOUNDS) as Sound[]).map((one) => (
                  <option key={one} value={one}>
                    {say.sounds[one]}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
          <Volume volume={volume} onVolume={(next) => choose({ volume: next })} />
          <Button icon={icons.soundOn} onClick={() => void playTone(sound, volume)}>
            {say.play}
          </Button>
        </Row>
      ) : null}
    </Card>
  );
}

/** Told only once it was let go of: on the way it would be a request for each step. */
function Volume({ volume, onVolume }: { volume: number; onVolume: (volume: number) => void }) {
  const say = words.settings.notifications;
  const [at, setAt] = useState(volume);
  const done = () => {
    if (at !== volume) onVolume(at);
  };
  return (
    <Labelled label={say.volume}>
      {(field) => (
        <input
          {...field}
          type="range"
          min={5}
          max={100}
          step={5}
          value={at}
          aria-valuetext={say.percent(at)}
          onChange={(event) => setAt(Number(event.target.value))}
          onPointerUp={done}
          onKeyUp={done}
          onBlur={done}
          className="h-10 w-full accent-palm pointer-coarse:h-11"
        />
      )}
    </Labelled>
  );
}

function DesktopCard({ chosen, choose }: Part) {
  const say = words.settings.notifications;
  const [allowed, setAllowed] = useState(permission);
  // Only from a press: a page that asks by itself is refused for ever.
  const ask = async () => {
    const answer = await Notification.requestPermission();
    setAllowed(answer);
    if (answer === "granted") choose({ desktop: true });
  };
  return (
    <Card>
      <Switch
        label={say.desktop}
        hint={say.desktopHint}
        on={chosen.desktop && allowed === "granted"}
        disabled={allowed !== "granted"}
        onChange={(desktop) => choose({ desktop })}
      />
      {allowed === "default" ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button onClick={() => void ask()}>{say.allow}</Button>
          <Outcome text={say.mustAllow} />
        </div>
      ) : null}
      {allowed === "denied" ? <Outcome text={say.denied} /> : null}
      {allowed === "unsupported" ? <Outcome text={say.unsupported} /> : null}
    </Card>
  );
}

const MINUTES = [1, 5, 10, 15, 30, 60];

function MailCard({ chosen: { mail, mail_after_m: after }, choose }: Part) {
  const say = words.settings.notifications;
  return (
    <Card>
      <Switch label={say.mail} hint={say.mailHint} on={mail} onChange={(on) => choose({ mail: on })} />
      {mail ? (
        <Labelled label={say.mailAfter}>
          {(field) => (
            <select {...field} value={after} onChange={(event) => choose({ mail_after_m: Number(event.target.value) })} className={`max-w-56 ${INPUT}`}>
              {[...new Set([...MINUTES, after])].sort((a, b) => a - b).map((minutes) => (
                <option key={minutes} value={minutes}>
                  {say.minutes(minutes)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      ) : null}
    </Card>
  );
}

const NIGHT = { from: "20:00", until: "08:00" };

function QuietCard({ chosen, choose }: Part) {
  const say = words.settings.notifications;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Card>
      <Switch
        label={say.quiet}
        hint={say.quietHint}
        on={chosen.quiet !== null}
        onChange={(on) => choose({ quiet: on ? { ...NIGHT, timezone: here } : null })}
      />
      {chosen.quiet ? <Hours quiet={chosen.quiet} here={here} onQuiet={(quiet) => choose({ quiet })} /> : null}
    </Card>
  );
}

function Hours({ quiet, here, onQuiet }: { quiet: QuietHours; here: string; onQuiet: (quiet: QuietHours) => void }) {
  const say = words.settings.notifications;
  const [from, setFrom] = useState(quiet.from);
  const [until, setUntil] = useState(quiet.until);
  /** Half a time, and two that are the same, are nobody's choice yet. */
  const change = (times: { from: string; until: string }) => {
    setFrom(times.from);
    setUntil(times.until);
    if (times.from !== "" && times.until !== "" && times.from !== times.until) onQuiet({ ...quiet, ...times });
  };
  const zones = new Set([quiet.timezone, here, "UTC", ...Intl.supportedValuesOf("timeZone")]);
  return (
    <>
      <Row>
        <Labelled label={say.from}>
          {(field) => <input {...field} type="time" required value={from} onChange={(event) => change({ from: event.target.value, until })} className={INPUT} />}
        </Labelled>
        <Labelled label={say.until}>
          {(field) => <input {...field} type="time" required value={until} onChange={(event) => change({ from, until: event.target.value })} className={INPUT} />}
        </Labelled>
        <Labelled label={say.zone}>
          {(field) => (
            <select {...field} value={quiet.timezone} onChange={(event) => onQuiet({ ...quiet, timezone: event.target.value })} className={INPUT}>
              {[...zones].map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll("_", " ")}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      </Row>
      {from === until ? <Outcome text={say.same} failed /> : null}
    </>
  );
}
