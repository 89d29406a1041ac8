import { describe, expect, it } from "vitest";

import { tell } from "../src/inbox/alarm";
import { Announcements } from "../src/inbox/desktop";
import { iconFor } from "../src/inbox/favicon";
import { isQuiet } from "../src/inbox/quiet";
import { summary } from "./made";

const at = (time: string) => Date.parse(`2026-07-01T${time}:00Z`);

describe("quiet hours", () => {
  const night = { from: "22:00", until: "07:30", timezone: "Europe/Berlin" };

  it("are none unless somebody chose them", () => {
    expect(isQuiet(null, at("03:00"))).toBe(false);
  });

  it("go over midnight, on the clocks of their zone", () => {
    const times = ["19:59", "20:00", "23:30", "05:29", "05:30", "12:00"];

    expect(times.map((time) => isQuiet(night, at(time)))).toEqual([false, true, true, true, false, false]);
  });

  it("may lie within a day", () => {
    const lunch = { from: "12:00", until: "13:00", timezone: "UTC" };

    expect(["11:59", "12:00", "12:59", "13:00"].map((time) => isQuiet(lunch, at(time)))).toEqual([false, true, true, false]);
  });

  it("do not silence where the zone is not known", () => {
    expect(isQuiet({ ...night, timezone: "Atlantis/Poseidon" }, at("03:00"))).toBe(false);
  });
});

describe("the tab's icon", () => {
  const drawn = (waiting: number, unread = 0) => decodeURIComponent(iconFor(waiting, unread));

  it("has the number of those who wait, and nothing while nobody does", () => {
    expect(drawn(0)).not.toContain("<text");
    expect(drawn(3)).toContain(">3</text></svg>");
    expect(drawn(12)).toContain(">9+</text></svg>");
  });

  it("has the number of one's own that are unread, in another colour, while nobody waits", () => {
    const colour = (svg: string) => /r="10" fill="([^"]+)"/.exec(svg)?.[1];

    expect(drawn(0, 2)).toContain(">2</text></svg>");
    expect(drawn(3, 2)).toBe(drawn(3));
    expect(colour(drawn(0, 2))).not.toBe(colour(drawn(2)));
  });
});

describe("what is unread of one's own", () => {
  const unread = (conversation: string, count: number) => summary(conversation, "human", { unread: count });

  it("is no news when the page is opened, and once when more is written", () => {
    const opened = tell(null, [unread("first", 2)]);
    const same = tell(opened.told, [unread("first", 2)]);
    const more = tell(same.told, [unread("first", 3)]);
    const another = tell(more.told, [unread("first", 3), unread("second", 1)]);

    expect([opened, same, more, another].map(({ news }) => news)).toEqual([false, false, true, true]);
  });

  it("is news, too, that somebody was assigned to us who has written nothing new", () => {
    expect(tell(tell(null, []).told, [unread("first", 0)]).news).toBe(true);
    expect(tell(tell(null, [unread("first", 0)]).told, [unread("first", 0)]).news).toBe(false);
  });

  it("is news again after it was read", () => {
    const read = tell(tell(null, [unread("first", 1)]).told, []);

    expect(read.news).toBe(false);
    expect(tell(read.told, [unread("first", 1)]).news).toBe(true);
  });
});

describe("announcements on the desktop", () => {
  function announcing() {
    const open: string[] = [];
    const announcements = new Announcements(({ conversation }) => {
      open.push(conversation);
      return { close: () => open.splice(open.indexOf(conversation), 1) };
    });
    return { open, announcements };
  }
  const [first, second] = [summary("first"), summary("second")];

  it("show each who begins to wait once, until they wait no longer", () => {
    const { open, announcements } = announcing();
    announcements.look([first], true);
    announcements.look([first, second], true);
    expect(open).toEqual(["first", "second"]);

    announcements.look([second], true);
    expect(open).toEqual(["second"]);

    announcements.end();
    expect(open).toEqual([]);
  });

  it("are not made up for later, and come again for somebody who comes back", () => {
    const { open, announcements } = announcing();
    announcements.look([first], false);
    announcements.look([first], true);
    expect(open).toEqual([]);

    announcements.look([], true);
    announcements.look([first], true);
    expect(open).toEqual(["first"]);
  });
});
